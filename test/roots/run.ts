import { chmodSync, closeSync, constants, mkdtempSync, openSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { flock, LOCK_EX, LOCK_NB, perform, tolerate } from 'shared-native';
import { isAt, makeDirectories, state } from 'step-01';
import { cached } from '../cache.ts';
import { removeRoot } from './remove.ts';

// A run of tests keeps what its containers need on the host in a directory of its own: a root for each file of tests
// (file.ts). So it sees nothing of other runs, in other clones or by other people, and they nothing of it.

/** A guest sees this machine's files, and not its locks. */
const RUNS = process.env.BOXSTEP_SYSTEM ? join(tmpdir(), 'boxstep-test-runs') : cached('test-runs');

/** Before all tests: makes the directory, and removes those of runs that were killed. Gives what is to be done after them. */
export default async function setup(): Promise<() => Promise<void>> {
  makeDirectories(RUNS, 0o755);
  for (const name of readdirSync(RUNS)) await removeIfDead(join(RUNS, name));
  const run = open();
  process.env.BOXSTEP_DOWNLOADS = state().cache; // what is downloaded stays where it would be without all this
  process.env.BOXSTEP_TEST_RUN = run.path;
  return async () => {
    await removeRoots(run.path);
    closeSync(run.lock);
  };
}

/** A directory with a lock, which the kernel lets go of when this process ends, however it ends. */
function open(): { path: string; lock: number } {
  const path = mkdtempSync(join(RUNS, `${process.pid}-`));
  chmodSync(path, 0o755);
  const lock = locked(path);
  return lock === undefined ? open() : { path, lock }; // another run took it for a dead one's before it was locked
}

async function removeIfDead(path: string): Promise<void> {
  const lock = locked(path);
  if (lock === undefined) return;
  try {
    await removeRoots(path);
  } catch (error) {
    console.warn(`${(error as Error).message}: it is left to the version whose tests made it`); // this one may not know its deeds
  } finally {
    closeSync(lock);
  }
}

function locked(path: string): number | undefined {
  const directory = openIfThere(path);
  if (directory === undefined) return undefined; // another run has just removed it
  if (perform(tolerate(flock(directory, LOCK_EX | LOCK_NB), 'EAGAIN')) === 0 && isAt(directory, path)) return directory;
  closeSync(directory);
  return undefined;
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_DIRECTORY);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function removeRoots(run: string): Promise<void> {
  for (const name of readdirSync(run)) await removeRoot(join(run, name));
  rmSync(run, { recursive: true, force: true });
}
