import type { Grade } from './report/grade.ts';
import { run } from './running/run.ts';
import { Tally } from './running/tally.ts';
import type { Grading, Work } from './running/work.ts';
import type { Step } from './step/step.ts';

/**
 * Grades submissions of one step by the step's own tests, in one run of vitest: the test files run once for each
 * submission, in workers that stay. No code of a student's is loaded here or in those workers.
 */
export async function grade(step: Step, works: readonly Work[], grading: Grading = {}): Promise<Grade[]> {
  const tally = new Tally(step, works, grading);
  if (step.tasks.length > 0 && !grading.signal?.aborted) await run(step, works, tally, grading);
  return works.map((work, index) => tally.grade(work, index, grading.signal?.aborted ?? false));
}
