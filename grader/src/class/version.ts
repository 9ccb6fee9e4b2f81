import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Grading } from '../running/work.ts';
import { testsOf } from '../step/imports.ts';
import type { Step } from '../step/step.ts';
import { ROOT } from '../step/workspace.ts';

/**
 * What a grade depends on besides the submission: the step with its tests, all that it is built on, the grader, Node, and
 * how long a task may take and the seed, if they were said. A grade by another version is not mixed with one of this.
 */
export function versionOf(step: Step, { seconds, seed }: Pick<Grading, 'seconds' | 'seed'> = {}): string {
  const names = ['grader/src/**/*.ts', 'shared-native/src/**/*.ts', 'steps/*/src/**/*.ts', 'pnpm-lock.yaml'];
  const tests = testsOf(step);
  const paths = [...names.flatMap((pattern) => globSync(pattern, { cwd: ROOT })).map((path) => join(ROOT, path))];
  const hash = createHash('sha256').update(`${step.name} ${process.version} ${seconds ?? ''} ${seed ?? ''}\n`);
  for (const path of [...new Set([...paths, ...tests])].sort()) {
    hash
      .update(`${path.slice(ROOT.length)}\0`)
      .update(readFileSync(path))
      .update('\0');
  }
  return hash.digest('hex').slice(0, 16);
}
