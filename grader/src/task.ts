import { describe, type TaskMeta } from 'vitest';
import { tag } from './running/tags.ts';

/** What a task is worth, and what helps: beside the tests that decide. All of them must pass. */
export interface Worth {
  readonly points: number;
  /** Shown one at a time, from a nudge to nearly the answer. */
  readonly hints: readonly [string, ...string[]];
}

declare module 'vitest' {
  interface TaskMeta {
    /** The number of the homework task that a test belongs to. */
    task?: number;
    /** What happened when the student's function was called last, for the story of a failure. */
    ran?: import('./trusted/student.ts').Ran;
  }
}

/** Marks tests as those of a task: `task(2, { points: 10, hints: ['…'] }, () => { test(…) })`. */
export function task(number: number, _worth: Worth, tests: () => void): void {
  const meta: Partial<TaskMeta> = { task: number };
  describe(`task ${number}`, { meta, tags: [tag(number)] }, tests);
}
