import { alternativesOf } from '../checking/bodies.ts';
import type { Step } from '../step/step.ts';
import { NOBODY, type Roster } from './book/roster.ts';
import type { HandedIn } from './handed-in/handed-in.ts';
import { match } from './match.ts';
import type { Open } from './page/own.ts';
import { type Row, wrongRow } from './row.ts';
import { type ClassFile, NO_RULES, type Rules, rulesOf } from './rules/class-file.ts';
import { lastDue } from './rules/late.ts';
import { type Mark, markOf } from './rules/mark.ts';
import { instantOf } from './rules/units.ts';

/** What turns results into marks: who is in the class, and its rules. */
export interface Book {
  readonly roster: Roster;
  readonly rules: ClassFile;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The column of the platform's gradebook. */
  readonly column?: string;
  /** Why this is a grading anew, for the history. */
  readonly why?: string;
  /** A folder for pages without names. */
  readonly anonymous?: string;
}

/** A class without roster and rules: each submission is somebody's, and its points are what they get. */
export function plainBook(): Book {
  return { roster: NOBODY, rules: NO_RULES, now: Date.now() };
}

/** Everybody's mark, with the results that it comes from. */
export interface Entry {
  readonly mark: Mark;
  readonly row: Row | undefined;
}

/** The marks of a class: all of the roster, by its order, and who else handed something in. */
export function marksOf(
  step: Step,
  rows: readonly Row[],
  { roster, rules, now }: Book,
  members = match(roster.people, rows),
): Entry[] {
  const byStudent = new Map(rows.map((row) => [row.student, row]));
  const row = (student: string) => byStudent.get(student);
  const none = wrongRow(step, NOTHING, '');
  const marking = { step, rules: rulesOf(rules, step), now, row, none };
  return members.map((member) => {
    const mark = markOf(member, marking);
    return { mark, row: mark.student === undefined ? undefined : row(mark.student) };
  });
}

const NOTHING = { student: '', name: '', keys: [], wrong: 'nothing was handed in' } as unknown as HandedIn;

/** What students may see by now. */
export function openTo(step: Step, rules: Rules, now: number): Open {
  const last = lastDue(rules, step.number);
  const why = (task: number) => {
    const until = rules.tasks[task]?.hidden ?? rules.hidden;
    if (until === undefined) return undefined;
    if (until === 'published') return 'Its result is shown when all are graded.';
    const text = until === 'due' ? rules.due : until;
    if (text === undefined || instantOf(text, rules.timezone) <= now) return undefined;
    return `Its result is shown from ${text}.`;
  };
  const hidden = new Map(step.tasks.map(({ number }) => [number, why(number)])); // the same for all students
  return {
    right: last !== undefined && last < now ? alternativesOf(step) : [],
    hidden: (task) => hidden.get(task),
  };
}
