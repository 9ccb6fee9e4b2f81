import type { TestContext } from 'vitest';

/** A limit that was seen to bite, with the figure that was measured. */
export interface Bite {
  /** What bites: `--cpus 0.5`. */
  readonly limit: string;
  /** What came of it: `0.497 CPUs`. */
  readonly measured: string;
}

declare module 'vitest' {
  interface TaskMeta {
    bite?: Bite;
  }
}

/** Has a test's figure shown in the table of limits that bite, beside those of the other systems. */
export function bite({ task }: TestContext, limit: string, measured: string): void {
  task.meta.bite = { limit, measured };
}
