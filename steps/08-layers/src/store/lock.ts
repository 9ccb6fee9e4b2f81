import { closeSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { flock, LOCK_EX, LOCK_SH, perform } from 'shared-native';
import { makeDirectories } from 'step-07';
import { places } from './places.ts';

/**
 * Does something to the store that must not mix with what others do to it: any number may add, and who removes is alone.
 * It waits for the others. So it's for what takes a moment, never for a download or for unpacking.
 */
export function whileAdding<T>(doing: () => T): T {
  return locked(LOCK_SH, doing);
}

/** The same for removing. */
export function whileRemoving<T>(doing: () => T): T {
  return locked(LOCK_EX, doing);
}

function locked<T>(operation: number, doing: () => T): T {
  const { lock } = places();
  makeDirectories(dirname(lock), 0o700);
  const fd = openSync(lock, 'a', 0o600);
  try {
    perform(flock(fd, operation));
    return doing();
  } finally {
    closeSync(fd);
  }
}
