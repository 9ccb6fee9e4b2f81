import library, { type Builder } from 'junit-report-builder';
import type { Grade } from './grade.ts';
import { told } from './results.ts';

// Its types say that there is a default export in the default export, and there is none.
const builder = library as unknown as Builder;

/** A grade as JUnit XML: a test case for each task. */
export function junit({ step, tasks }: Grade): string {
  const report = builder.newBuilder();
  const suite = report.testSuite().name(step.name);
  for (const one of tasks) {
    const { task, state, story } = one;
    const testCase = suite.testCase().className(step.name).name(`task ${task.number}: ${task.title}`).file(task.file);
    if (state === 'not graded') testCase.skipped();
    if (state === 'failed') testCase.failure(story?.cause ?? 'failed').standardOutput(told(one).join('\n'));
  }
  return report.build();
}
