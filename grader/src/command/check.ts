import { check } from '../check.ts';
import type { Least } from '../checking/least.ts';
import { readStep } from '../step/step.ts';

export interface Checking extends Least {
  readonly jobs?: number;
}

/** Grades the grader, and prints how it did. */
export async function checkSteps(numbers: readonly number[], { jobs, ...least }: Checking): Promise<void> {
  let failed = false;
  for (const step of numbers.map((number) => readStep(number))) {
    console.log(step.name);
    for (const { name, wrong } of await check(step, least, jobs)) {
      console.log(`  ${wrong.length === 0 ? '✓' : '✗'} ${name}`);
      for (const one of wrong) console.log(`      ${one}`);
      failed ||= wrong.length > 0;
    }
  }
  process.exitCode = failed ? 1 : 0; // vitest's own says that some tests failed, as they had to
}
