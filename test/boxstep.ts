import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { execa, type Options } from 'execa';
import { defaultRootfsPath, findHierarchies, JOURNALS, PARENT } from 'step-01';
import { processesWith } from './processes.ts';

/** The repository's root. */
export const REPOSITORY = resolve(import.meta.dirname, '..');

// What vitest sets, a user has not.
const AS_A_USER = {
  reject: false,
  stdin: 'ignore',
  extendEnv: false,
  env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '/' },
} as const;

/** Runs `./boxstep` as a user types it. It never rejects. */
export function boxstep<O extends Options>(args: readonly string[], options?: O) {
  return execa(join(REPOSITORY, 'boxstep'), args, { ...AS_A_USER, ...options } as typeof AS_A_USER & O);
}

/** Runs a shell command line as a user types it, in the repository's root. It never rejects. */
export function shell<O extends Options>(line: string, options?: O) {
  return execa('bash', ['-c', line], { ...AS_A_USER, cwd: REPOSITORY, ...options } as typeof AS_A_USER & O);
}

/** What containers have left on this machine: cgroups, journals, mounts, and processes with a word in their command line. */
export function leftovers(word: string): string[] {
  const cgroups = findHierarchies()
    .map(({ mount }) => join(mount, PARENT))
    .filter((path) => existsSync(path));
  const journals = existsSync(JOURNALS) ? readdirSync(JOURNALS) : [];
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .filter((line) => line.includes(defaultRootfsPath()));
  return [...cgroups, ...journals, ...mounts, ...processesWith(word).map(({ line }) => line)];
}
