import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { workIn } from './class/roster.ts';
import { grade } from './grade.ts';
import { type Results, results } from './report/results.ts';
import { json } from './report/write.ts';
import type { Step } from './step.ts';
import { readFiles } from './submission.ts';

/**
 * Grades Gradescope's one submission: of `submission` in its folder /autograder to `results/results.json`.
 *
 * @see https://gradescope-autograders.readthedocs.io/en/latest/specs/
 */
export async function gradescope(step: Step, root: string, signal: AbortSignal): Promise<void> {
  const { directory, wrong } = workIn(step, join(root, 'submission'));
  const [one] = await grade(step, [{ name: 'submission', files: readFiles(step, directory) }], { signal });
  if (!one) throw new Error('nothing was graded');
  const report = results(one);
  const output = wrong === undefined ? report.output : `${wrong}\n${report.output}`;
  mkdirSync(join(root, 'results'), { recursive: true });
  writeFileAtomic.sync(join(root, 'results/results.json'), json({ ...report, output }));
}

/** Whether a task passed, by the results of a run, and what there is to say: GitHub Classroom asks for each task. */
export function passed(task: number, file: string): { passed: boolean; output: string } {
  if (!existsSync(file)) return { passed: false, output: `there is no ${file}: the run that grades has failed` };
  const { tests } = JSON.parse(readFileSync(file, 'utf8')) as Results;
  const one = tests.find(({ number }) => number === String(task));
  if (!one) throw new Error(`${file} has no task ${task}`);
  return { passed: one.status === 'passed', output: `${one.name}: ${one.score} of ${one.max_score}\n${one.output}` };
}
