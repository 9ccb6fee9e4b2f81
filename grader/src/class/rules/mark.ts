import type { Attempt } from '../handed-in/handed-in.ts';
import type { Member } from '../match.ts';
import type { Row } from '../row.ts';
import type { Override, Rules } from './class-file.ts';
import { dueOf, isOpen, penaltyOf } from './late.ts';
import { type MarkedTask, marked, round } from './points.ts';
import { partOf, shownShare, shownTime } from './units.ts';

/** What somebody gets, and all that was applied. */
export interface Mark {
  readonly id: string;
  readonly name: string;
  readonly section: string;
  /** The submission that counts: the name of its folder of results. */
  readonly student?: string;
  readonly attempts: number;
  readonly time?: number;
  /** `missing`: nothing was handed in, and their deadline has passed. `open`: it hasn't. */
  readonly state: Row['state'] | 'missing' | 'open';
  readonly tasks: readonly MarkedTask[];
  readonly score: number;
  readonly most: number;
  readonly applied: readonly string[];
  /** What couldn't be graded, and why. */
  readonly note: string;
}

/** What holds for everybody. */
export interface Marking {
  readonly step: { readonly number: number; readonly name: string };
  readonly rules: Rules;
  /** Milliseconds since 1970: what is due later isn't missing. */
  readonly now: number;
  row(student: string): Row | undefined;
  /** What nobody has handed in looks like. */
  readonly none: Row;
}

/** The names that class.yml may use for somebody. */
export function idsOf({ id, name, attempts }: Member): string[] {
  return [id, name, ...attempts.map(({ student }) => student)];
}

/** The mark of one member of the class. */
export function markOf(member: Member, marking: Marking): Mark {
  const { rules, step } = marking;
  const ids = idsOf(member);
  const due = dueOf(rules, step.number, ids);
  const tried = member.attempts.flatMap((one) => {
    const row = marking.row(one.student);
    return row ? [attempt(one, row, member)] : [];
  });
  const all = tried.map(({ one, row }) => {
    const raw = marked(row, rules);
    const penalty = penaltyOf(rules, due, one, raw.score);
    return { one, row, raw, score: round(raw.score - penalty.points), applied: [...raw.applied, ...penalty.applied] };
  });
  const counted = rules.attempts === 'best' ? best(all) : last(all);
  const base = { id: member.id, name: member.name, section: member.section, attempts: member.attempts.length };
  if (!counted) {
    const raw = marked(marking.none, rules);
    const open = isOpen(due, marking.now);
    const applied = [...(due?.extended === undefined ? [] : [due.extended])];
    const note = open ? `due ${shownTime(due.time, rules.timezone)}` : 'nothing was handed in';
    return corrected(
      { ...base, state: open ? 'open' : 'missing', tasks: raw.tasks, score: 0, most: raw.most, applied, note },
      ids,
      marking,
    );
  }
  const { one, row, raw, score, applied } = counted;
  const which = all.length > 1 ? [`${rules.attempts} of ${all.length} attempts: ${one.student}`] : [];
  const stranger = member.stranger ? ['not in the roster'] : [];
  return corrected(
    {
      ...base,
      ...{ student: one.student, state: row.state, tasks: raw.tasks, score, most: raw.most, note: row.note },
      ...(one.time !== undefined && { time: one.time }),
      applied: [...which, ...applied, ...stranger],
    },
    ids,
    marking,
  );
}

/** A roster's time is that of the last attempt: it counts where there is one alone, and the download has none. */
function attempt(one: Attempt, row: Row, { time, attempts }: Member): { one: Attempt; row: Row } {
  const known = one.time ?? (attempts.length === 1 ? time : undefined);
  return { one: { ...one, ...(known !== undefined && { time: known }) }, row };
}

interface Counted {
  readonly one: Attempt;
  readonly score: number;
}

function best<T extends Counted>(all: readonly T[]): T | undefined {
  return last(all.filter(({ score }) => score === Math.max(...all.map((other) => other.score))));
}

/** By time; where that isn't known, by name, numbers as numbers. */
function last<T extends Counted>(all: readonly T[]): T | undefined {
  return [...all]
    .sort(
      (a, b) =>
        (a.one.time ?? 0) - (b.one.time ?? 0) ||
        a.one.student.localeCompare(b.one.student, undefined, { numeric: true }),
    )
    .at(-1);
}

/** What somebody decided by hand comes last, and stays whatever is graded again. */
function corrected(mark: Mark, ids: readonly string[], { rules, step }: Marking): Mark {
  const wanted = ids.map((id) => id.toLowerCase());
  const theirs = rules.overrides.filter(
    (one) => one.step === step.number && wanted.includes(one.student.toLowerCase()),
  );
  const after = theirs.reduce(overridden, mark);
  if (rules.passes === undefined || after.state === 'open') return after;
  const passed = after.score >= partOf(rules.passes, after.most);
  return { ...after, applied: [...after.applied, `${passed ? 'passed' : 'not passed'} (${shownShare(rules.passes)})`] };
}

function overridden(mark: Mark, { task, points, by, why }: Override): Mark {
  const before = task === undefined ? mark.score : (mark.tasks.find(({ number }) => number === task)?.score ?? 0);
  const score = task === undefined ? points : round(Math.max(0, mark.score + points - before));
  const tasks = mark.tasks.map((one) => (one.number === task ? { ...one, score: points } : one));
  const what = task === undefined ? 'all' : `task ${task}`;
  return {
    ...mark,
    tasks,
    score,
    applied: [...mark.applied, `${what}: ${points} instead of ${before}, by ${by}: ${why}`],
  };
}
