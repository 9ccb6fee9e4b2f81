import { describe, type TaskMeta } from 'vitest';
import { tag } from './running/tags.ts';

export { Seeded, seeded } from './seeded.ts';

/** What a task is worth, and what helps: beside the tests that decide. */
export interface Worth {
  readonly points: number;
  /** Shown one at a time, from a nudge to nearly the answer. */
  readonly hints: readonly [string, ...string[]];
}

declare module 'vitest' {
  interface TaskMeta {
    /** The number of the homework task that a test belongs to. */
    task?: number;
    /** The group within it. */
    group?: string;
    /** What happened when the student's function was called last, for the story of a failure. */
    ran?: import('./trusted/student.ts').Ran;
  }
}

/**
 * Marks tests as those of a task: `task(2, { points: 10, hints: ['…'] }, () => { test(…) })`. All of them must pass for
 * its points, unless they are in groups.
 */
export function task(number: number, _worth: Worth, tests: () => void): void {
  const meta: Partial<TaskMeta> = { task: number };
  describe(`task ${number}`, { meta, tags: [tag(number)] }, tests);
}

/**
 * Some of a task's tests, which have points of their own: `group('rounding', 4, () => { test(…) })`. The groups of a task
 * come to its points. Its tests outside of them are a condition of them all.
 */
export function group(name: string, _points: number, tests: () => void): void {
  const meta: Partial<TaskMeta> = { group: name };
  describe(name, { meta }, tests);
}
