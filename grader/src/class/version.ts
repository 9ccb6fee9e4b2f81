import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Step } from '../step/step.ts';
import { ROOT } from '../step/workspace.ts';
import type { Files } from '../submission/submission.ts';

/**
 * What a grade depends on besides the submission: the step with its tests, all that it is built on, the grader, Node, and
 * how long a task may take if that was said. A grade by another version is not mixed with one of this.
 */
export function versionOf(step: Step, seconds?: number): string {
  const names = ['grader/src/**/*.ts', 'shared-native/src/**/*.ts', 'steps/*/src/**/*.ts', 'pnpm-lock.yaml'];
  const tests = globSync('test/**/*.{ts,json}', { cwd: step.directory }).map((path) => join(step.directory, path));
  const paths = [...names.flatMap((pattern) => globSync(pattern, { cwd: ROOT })).map((path) => join(ROOT, path))];
  const hash = createHash('sha256').update(`${step.name} ${process.version} ${seconds ?? ''}\n`);
  for (const path of [...new Set([...paths, ...tests])].sort()) {
    hash
      .update(`${path.slice(ROOT.length)}\0`)
      .update(readFileSync(path))
      .update('\0');
  }
  return hash.digest('hex').slice(0, 16);
}

/** What a submission is, for the grader: the files that hold tasks. */
export function hashOf(files: Files): string {
  return createHash('sha256')
    .update(JSON.stringify([...files]))
    .digest('hex')
    .slice(0, 16);
}
