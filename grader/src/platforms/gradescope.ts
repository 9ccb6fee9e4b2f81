import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { grade } from '../grade.ts';
import { results } from '../report/results.ts';
import { json } from '../report/write.ts';
import type { Step } from '../step/step.ts';
import { readFiles } from '../submission/files.ts';
import { bytes } from '../submission/names.ts';
import { workIn } from '../submission/where.ts';

/**
 * Grades Gradescope's one submission: of `submission` in its folder /autograder to `results/results.json`.
 *
 * @see https://gradescope-autograders.readthedocs.io/en/latest/specs/
 */
export async function gradescope(step: Step, root: string, signal: AbortSignal): Promise<void> {
  const { directory, wrong } = workIn(step, bytes(join(root, 'submission')));
  const [one] = await grade(step, [{ name: 'submission', files: readFiles(step, directory) }], { signal });
  if (!one) throw new Error('nothing was graded');
  const report = results(one);
  const output = wrong === undefined ? report.output : `${wrong}\n${report.output}`;
  mkdirSync(join(root, 'results'), { recursive: true });
  writeFileAtomic.sync(join(root, 'results/results.json'), json({ ...report, output }));
}
