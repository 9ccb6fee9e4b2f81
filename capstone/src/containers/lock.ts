import { closeSync, constants, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { flock, LOCK_EX, LOCK_NB, perform, tolerate } from 'shared-native';
import { containerPath, isAt } from 'step-10';
import { NoSuchContainer } from './find.ts';

/** Milliseconds between two looks at whether a container's lock is free. */
const LOOK = 5;

/**
 * Does something to a container while no other command changes it: starts it, ends its run, removes or renames it. The
 * kernel lets go of the lock when its holder dies, however it dies: no shim has it, for it would keep it.
 *
 * @throws {NoSuchContainer} if it is removed before it can be locked
 */
export async function whileLocked<T>(id: string, doing: () => T | Promise<T>): Promise<T> {
  const lock = await lockOf(id);
  try {
    return await doing();
  } finally {
    closeSync(lock);
  }
}

async function lockOf(id: string): Promise<number> {
  for (;;) {
    const lock = opened(id);
    const isFree = perform(tolerate(flock(lock, LOCK_EX | LOCK_NB), 'EAGAIN')) === 0;
    if (isFree && isAt(lock, containerPath(id))) return lock;
    closeSync(lock);
    if (!isFree) await sleep(LOOK);
  }
}

function opened(id: string): number {
  try {
    return openSync(containerPath(id), constants.O_RDONLY | constants.O_DIRECTORY);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new NoSuchContainer(id);
    throw error;
  }
}
