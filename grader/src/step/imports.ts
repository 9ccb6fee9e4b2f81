import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Step } from './step.ts';

const IMPORT = /\bfrom '(\.[^']+)'|\bimport '(\.[^']+)'/g;

/** The test files that hold a step's tasks, and every file that they import, and so on: by absolute path. */
export function testsOf(step: Step): string[] {
  const found = new Set<string>();
  const look = (path: string) => {
    if (found.has(path)) return;
    found.add(path);
    if (!path.endsWith('.ts')) return;
    for (const [, from, alone] of readFileSync(path, 'utf8').matchAll(IMPORT))
      look(resolve(dirname(path), from ?? alone ?? ''));
  };
  for (const { tests } of step.tasks) look(join(step.directory, tests));
  return [...found].sort();
}
