import { closeSync, constants, fstatSync, openSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { flock, LOCK_EX, LOCK_NB, perform, tolerate } from 'shared-native';
import { closeHeld, hold, isAt, makeDirectories } from 'step-07';
import type { Digest } from './image.ts';
import { hex, places } from './places.ts';
import { list } from './record.ts';
import type { Workplace } from './workplace.ts';

/** A file that holds the beginning of a blob, or all of it. Nobody else writes to it, or removes it, until it's closed. */
export interface PartialBlob {
  readonly fd: number;
  readonly path: string;
  close(): void;
}

/** Opens what there is of a blob, which may be nothing. @returns undefined while another process has it */
export function openPartial(digest: Digest): PartialBlob | undefined {
  makeDirectories(places().partial, 0o700);
  const path = join(places().partial, hex(digest));
  for (;;) {
    const fd = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
    if (!isFree(fd)) {
      closeSync(fd);
      return undefined;
    }
    if (isAt(fd, path)) return opened(fd, path);
    closeSync(fd); // it was removed before it was locked
  }
}

/** One in a workplace, which goes with it: for who can't have the one that others could go on with. */
export function ownPartial({ directory }: Workplace, digest: Digest): PartialBlob {
  const path = join(directory, `partial-${hex(digest)}`);
  return opened(openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600), path);
}

function opened(fd: number, path: string): PartialBlob {
  hold(fd);
  return {
    fd,
    path,
    close: () => closeHeld(fd),
  };
}

/** Removes those that nobody has open. @returns the bytes that were in them */
export function removePartials(): number {
  return list(places().partial).reduce((sum, name) => sum + remove(join(places().partial, name)), 0);
}

function remove(path: string): number {
  const fd = openIfThere(path);
  if (fd === undefined) return 0; // it has just become a blob of the store's
  try {
    if (!isFree(fd) || !isAt(fd, path)) return 0;
    unlinkSync(path);
    return fstatSync(fd).size;
  } finally {
    closeSync(fd);
  }
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function isFree(fd: number): boolean {
  return perform(tolerate(flock(fd, LOCK_EX | LOCK_NB), 'EAGAIN')) === 0;
}
