import { join } from 'node:path';
import type { Grade } from '../report/grade.ts';
import type { Step, Task } from '../step/step.ts';
import type { Files } from '../submission/files.ts';

/** Something to be graded. */
export interface Work {
  /** Its name in the report: the folder, or the student. */
  readonly name: string;
  readonly files: Files;
  /** The tasks to be graded, and told of; all, unless given. */
  readonly only?: readonly number[];
}

export interface Grading {
  /** How many test files run at once. */
  readonly jobs?: number;
  /** Seconds that a task's calls may take together. */
  readonly seconds?: number;
  /** From which the tests make their values; each submission's own, unless given. */
  readonly seed?: string;
  /** Ends the run: what is done by then is in the grades. */
  readonly signal?: AbortSignal;
  /** Is told each submission as its last test file ends: a class takes a while. */
  readonly onWork?: (work: Work, grade: Grade) => void;
}

/** The tasks of a step that are graded of a submission. */
export function tasksOf({ tasks }: Step, { only }: Work): readonly Task[] {
  return only ? tasks.filter(({ number }) => only.includes(number)) : tasks;
}

/** The files that hold tests of tasks. */
export function testFiles(directory: string, tasks: readonly Task[]): string[] {
  return [...new Set(tasks.map(({ tests }) => join(directory, tests)))];
}
