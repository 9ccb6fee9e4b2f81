import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Grade, TaskGrade } from '../report/grade.ts';
import { sum } from '../report/terminal.ts';
import type { Step } from '../step/step.ts';
import type { Attempt, HandedIn } from './handed-in/handed-in.ts';

/** A student's line in the class's list: all that the list and the page show, as it is kept in `grade.json`. */
export interface Row extends Attempt {
  readonly step: string;
  /** `wrong`: nothing was found to grade. `partly`: some points could not be graded. */
  readonly state: 'graded' | 'partly' | 'wrong';
  readonly score: number;
  readonly most: number;
  readonly note: string;
  readonly tasks: readonly RowTask[];
  /** By which grader, and of which files: as long as both are the same, it isn't graded again. */
  readonly version: string;
  readonly files: string;
}

export interface RowTask extends Omit<TaskGrade, 'task' | 'state'> {
  readonly number: number;
  readonly title: string;
  readonly most: number;
  /** `untouched`: it was never begun. */
  readonly state: TaskGrade['state'] | 'untouched';
}

/** The name of the file in a student's folder of results. It is written last: where it is, all others are. */
const FILE = 'grade.json';

export function rowOf(who: Attempt, grade: Grade, version: string, files: string): Row {
  const { score, most, ungraded } = sum(grade);
  const tasks = grade.tasks.map(rowTask);
  const base = { ...attemptOf(who), step: grade.step.name, score, most, tasks, version, files };
  if (ungraded === 0) return { ...base, state: 'graded', note: '' };
  const reasons = [...new Set(tasks.flatMap(({ reason }) => reason ?? []))];
  return { ...base, state: 'partly', note: `${ungraded} points not graded: ${reasons.join('; ')}` };
}

/** The line of a student in whose folder nothing can be graded. */
export function wrongRow(step: Step, { wrong = '', ...who }: HandedIn, version: string): Row {
  const tasks = step.tasks.map(({ number, title, points }): RowTask => {
    const none = { score: 0, most: points, ungraded: points, groups: [], passed: 0, tests: 0, failed: [], printed: '' };
    return { number, title, ...none, state: 'not graded', reason: wrong };
  });
  const most = tasks.reduce((all, one) => all + one.most, 0);
  const base = { ...attemptOf(who), step: step.name, version, files: '' };
  return { ...base, state: 'wrong', score: 0, most, note: wrong, tasks };
}

/** What is known of it besides its grade. */
export function attemptOf({ student, name, keys, time, late }: Attempt): Attempt {
  return { student, name, keys, ...(time !== undefined && { time }), ...(late && { late }) };
}

function rowTask({ task, state, ...outcome }: TaskGrade): RowTask {
  const { number, title, points } = task;
  const untouched = state === 'failed' && outcome.story?.todo;
  return { number, title, most: points, ...outcome, state: untouched ? 'untouched' : state };
}

/** The longest name of a folder that every file system takes, in bytes, less what a temporary file adds to it. */
const LONGEST = 200;

/**
 * Where a student's results are: in a folder of students alone, so that none of them can be called like what sums them up.
 *
 * @throws {Error} if the name would lead out of it
 */
export function folderOf(out: string, student: string): string {
  if (/^\.{0,2}$|[/\0]/.test(student)) throw new Error(`${JSON.stringify(student)} is not the name of a student`);
  const short = createHash('sha256').update(student).digest('hex').slice(0, 16);
  return join(out, 'students', Buffer.byteLength(student) > LONGEST ? short : student);
}

export function fileOf(out: string, student: string): string {
  return join(folderOf(out, student), FILE);
}

/** What is kept of a student, if it is whole. */
export function kept(out: string, student: string): Row | undefined {
  try {
    return JSON.parse(readFileSync(fileOf(out, student), 'utf8'));
  } catch {
    return undefined; // not there, or broken by hand: it is graded anew
  }
}
