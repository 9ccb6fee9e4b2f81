import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { defaultRootfsPath, findHierarchies, parents, state } from 'step-01';
import { processesWith } from './processes.ts';

/** The repository's root. */
export const REPOSITORY = resolve(import.meta.dirname, '..');

// What vitest sets, a user has not.
const AS_A_USER = {
  reject: false,
  all: true,
  stdin: 'ignore',
  extendEnv: false,
  env: {
    PATH: process.env.PATH ?? '',
    HOME: process.env.HOME ?? '/',
    ...(process.env.BOXSTEP_CACHE !== undefined && { BOXSTEP_CACHE: process.env.BOXSTEP_CACHE }), // to try another rootfs
  },
} as const;

/** Runs `./boxstep` as a user types it. It never rejects; `all` is standard output and error as they came. */
export function boxstep(...args: string[]) {
  return execa(join(REPOSITORY, 'boxstep'), args, AS_A_USER);
}

/** Runs a shell command line as a user types it, in the repository's root. It never rejects. */
export function shell(line: string) {
  return execa('bash', ['-c', line], { ...AS_A_USER, cwd: REPOSITORY });
}

/** What containers have left on this machine: cgroups, journals, mounts, and processes with a word in their command line. */
export function leftovers(word: string): string[] {
  const cgroups = parents(findHierarchies()).filter((path) => existsSync(path));
  const { journals: directory } = state();
  const journals = existsSync(directory) ? readdirSync(directory) : [];
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .filter((line) => line.includes(defaultRootfsPath()));
  return [...cgroups, ...journals, ...mounts, ...processesWith(word).map(({ line }) => line)];
}
