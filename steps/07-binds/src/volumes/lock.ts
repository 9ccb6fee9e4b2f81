import { closeSync, constants, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { flock, LOCK_EX, LOCK_NB, LOCK_SH, perform, tolerate } from 'shared-native';
import { isAt } from 'step-06';

// Whoever uses a volume has a lock on its directory that others may share, and whoever fills or removes it one that nobody
// else may have. The kernel lets go of a lock when its owner dies, however it dies.

/** Locks a volume for oneself alone. @returns `busy` if somebody uses it, `gone` if there is none */
export function lockAlone(path: string): number | 'busy' | 'gone' {
  return locked(path, LOCK_EX);
}

/** Locks a volume so that nobody removes it; waits while somebody fills it. @returns undefined if there is none */
export async function lockShared(path: string): Promise<number | undefined> {
  for (;;) {
    const lock = locked(path, LOCK_SH);
    if (typeof lock === 'number') return lock;
    if (lock === 'gone') return undefined;
    await sleep(5);
  }
}

/** Makes a lock of one's own one that others may share. @returns false if somebody has removed the volume in between */
export function share(lock: number, path: string): boolean {
  return perform(tolerate(flock(lock, LOCK_SH | LOCK_NB), 'EAGAIN')) === 0 && isAt(lock, path);
}

function locked(path: string, operation: number): number | 'busy' | 'gone' {
  const lock = opened(path);
  if (lock === undefined) return 'gone';
  const answer = perform(tolerate(flock(lock, operation | LOCK_NB), 'EAGAIN'));
  if (answer === 0 && isAt(lock, path)) return lock;
  closeSync(lock);
  return answer === 0 ? locked(path, operation) : 'busy'; // removed between open and lock: perhaps there is a new one
}

function opened(path: string): number | undefined {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_DIRECTORY);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Does a container use a volume now? */
export function isUsed(directory: string, name: string): boolean {
  const lock = lockAlone(join(directory, name));
  if (typeof lock === 'number') closeSync(lock);
  return lock === 'busy';
}
