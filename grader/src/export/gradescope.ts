import { mkdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { readClassFile } from '../class/rules/class-file.ts';
import { CLASS_FILE } from '../platforms/gradescope.ts';
import type { Step } from '../step/step.ts';
import { ROOT } from '../step/workspace.ts';
import { assertEmpty, copy, sharedTests, write } from './copy.ts';

/**
 * Writes what Gradescope wants as an autograder, to be zipped: setup.sh, run_autograder, and the workspace up to this step
 * with its tests and reference, which students never see.
 *
 * @see https://gradescope-autograders.readthedocs.io/en/latest/specs/
 */
export function exportForGradescope(step: Step, folder: string, rules?: string): void {
  assertEmpty(folder);
  if (rules !== undefined) readClassFile(rules, step); // before anything is written
  const inside = join(folder, 'boxstep');
  const place = relative(ROOT, step.directory);
  copy(['LICENSE', 'package.json', 'pnpm-*.yaml', 'tsconfig.json', 'scripts/setup.mjs', 'scripts/setup/**'], inside);
  copy(['{grader,shared-native,steps/*}/{package.json,src/**}', `${place}/test/**`, ...sharedTests(step)], inside, [
    'grader/src/export/**',
  ]);
  mkdirSync(folder, { recursive: true });
  const template = (name: string) => readFileSync(join(import.meta.dirname, 'templates', name), 'utf8');
  if (rules !== undefined) write(folder, CLASS_FILE, readFileSync(rules, 'utf8'));
  write(folder, 'setup.sh', template('setup.sh'), 0o755);
  write(folder, 'run_autograder', template('run_autograder').replace('STEP', String(step.number)), 0o755);
}
