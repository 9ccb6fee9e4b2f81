import { check } from '../check.ts';
import type { Least } from '../checking/least.ts';
import { readStep } from '../step/step.ts';

export interface Checking extends Least {
  readonly jobs?: number;
  readonly mutants: boolean;
}

/** Grades the grader, and prints how it did. */
export async function checkSteps(numbers: readonly number[], { jobs, mutants, ...least }: Checking): Promise<void> {
  let failed = false;
  for (const step of numbers.map((number) => readStep(number))) {
    console.log(step.name);
    for (const { name, wrong, notes = [] } of await check(step, least, jobs, mutants)) {
      console.log(`  ${wrong.length === 0 ? '✓' : '✗'} ${name}`);
      for (const one of [...wrong, ...notes]) console.log(`      ${one}`);
      failed ||= wrong.length > 0;
    }
  }
  process.exitCode = failed ? 1 : 0; // vitest's own says that some tests failed, as they had to
}
