import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { flock, LOCK_EX, LOCK_NB, LOCK_SH, perform, tolerate } from 'shared-native';
import { closeHeld, hold, isAt, state } from 'step-07';
import { textOf } from './files.ts';
import type { Digest } from './image.ts';
import { list, recordPath } from './record.ts';

/**
 * Keeps an image from being removed while this process lives, or until the function is called that it returns. The kernel
 * lets go of the lock however the process ends.
 *
 * @throws {Error} if it has just been removed
 */
export function useImage({ id }: { readonly id: Digest }): () => void {
  const fd = open(id);
  if (fd === undefined) throw new Error(`the image ${id} has just been removed`);
  perform(flock(fd, LOCK_SH));
  if (!isAt(fd, recordPath(id))) {
    closeSync(fd);
    throw new Error(`the image ${id} has just been removed`);
  }
  hold(fd);
  return () => closeHeld(fd);
}

/**
 * Keeps a process from beginning to use an image, which is to be removed. To be called while removing.
 *
 * @returns what lets go of it; undefined if a process uses it
 */
export function claimImage(id: Digest): (() => void) | undefined {
  const fd = open(id);
  if (fd === undefined) return () => {};
  const isFree = perform(tolerate(flock(fd, LOCK_EX | LOCK_NB), 'EAGAIN')) === 0;
  if (!isFree) closeSync(fd);
  return isFree ? () => closeSync(fd) : undefined;
}

function open(id: Digest): number | undefined {
  try {
    return openSync(recordPath(id), 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The containers that were kept after their end, by the id of their image. */
export function keptContainers(): Map<Digest, string[]> {
  const directory = join(state().data, 'containers');
  return Map.groupBy(list(directory), (name) => imageOf(join(directory, name, 'config.json')));
}

function imageOf(config: string): Digest {
  try {
    return JSON.parse(textOf(config) ?? '').image;
  } catch {
    return 'sha256:';
  }
}
