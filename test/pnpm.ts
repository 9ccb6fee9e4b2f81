import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { REPOSITORY } from './boxstep.ts';

/** A pnpm, and who is to run it: under sudo, the user who typed that, since what pnpm has downloaded is theirs. */
export interface Pnpm {
  readonly command: [string, ...string[]];
  readonly env: NodeJS.ProcessEnv;
  readonly uid?: number;
  readonly gid?: number;
}

const setup = await import(join(REPOSITORY, 'scripts/setup/pnpm.mjs')); // plain JavaScript, without types
let found: Pnpm | undefined;

/** The pnpm that the set-up finds: the one on PATH, else the pinned one by npx; undefined if it starts for none of both. */
export function findPnpm(): Pnpm | undefined {
  if (found !== undefined) return found;
  const pnpm: Pnpm = setup.findPnpm();
  if (starts(pnpm) && starts({ command: pnpm.command, env: process.env })) found = pnpm;
  return found;
}

/** For a shell, as who runs the tests. Only where a test needs pnpm. */
export function pnpmLine(): string {
  return findPnpm()?.command.join(' ') ?? 'pnpm';
}

function starts({ command: [file, ...words], ...who }: Pnpm): boolean {
  const { status } = spawnSync(file, [...words, '--version'], { ...who, cwd: REPOSITORY, stdio: 'ignore' });
  return status === 0;
}
