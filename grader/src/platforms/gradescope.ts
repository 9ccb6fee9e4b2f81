import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { readClassFile, rulesOf } from '../class/rules/class-file.ts';
import { grade } from '../grade.ts';
import { results } from '../report/results.ts';
import { json } from '../report/write.ts';
import type { Step } from '../step/step.ts';
import { readFiles } from '../submission/files.ts';
import { bytes } from '../submission/names.ts';
import { workIn } from '../submission/where.ts';
import { byRules } from './by-rules.ts';

/** What `export --class` puts beside setup.sh. */
export const CLASS_FILE = 'class.yml';

/**
 * Grades Gradescope's one submission: of `submission` in its folder /autograder to `results/results.json`, by the points and
 * the visibility of the class.yml that was exported with it.
 *
 * @see https://gradescope-autograders.readthedocs.io/en/latest/specs/
 */
export async function gradescope(step: Step, root: string, signal: AbortSignal): Promise<void> {
  const { directory, wrong } = workIn(step, bytes(join(root, 'submission')));
  const [one] = await grade(step, [{ name: 'submission', files: readFiles(step, directory) }], { signal });
  if (!one) throw new Error('nothing was graded');
  const file = join(root, 'source', CLASS_FILE);
  const plain = results(one);
  const report = existsSync(file) ? byRules(plain, one, rulesOf(readClassFile(file, step), step), Date.now()) : plain;
  const output = wrong === undefined ? report.output : `${wrong}\n${report.output}`;
  mkdirSync(join(root, 'results'), { recursive: true });
  writeFileAtomic.sync(join(root, 'results/results.json'), json({ ...report, output }));
}
