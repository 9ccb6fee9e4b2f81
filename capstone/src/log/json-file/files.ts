import { closeSync, existsSync, fstatSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { namesOf } from '../open.ts';
import type { LogFiles } from '../options.ts';
import type { Position } from '../read.ts';

/** The files that lines are written to, the newest of which has docker's name. */
export interface JsonFiles {
  /** Must there be a new file before the next line, once so many bytes more are written? */
  isFull(more: number): boolean;
  /** Goes on in a new file. */
  rotate(): void;
  /** Writes some of it, unless that is there already. @returns what is left @throws {Error} ENOSPC: it can be tried again */
  write(bytes: Uint8Array): Uint8Array;
  /** Where what was written ends. */
  end(): Position;
  close(): void;
}

/**
 * Opens the files, to go on where an earlier writer had written down that it was. What it wrote after that is in the same
 * file or, if it had rotated them, in the newest.
 */
export function openJsonFiles(path: string, { maxSize, maxFile }: LogFiles, from?: Position): JsonFiles {
  const names = namesOf(basename(path), maxFile).map((name) => join(dirname(path), name));
  const inOld = from && names.slice(1).find((name) => inodeOf(name) === from.inode);
  let fd = openSync(inOld ?? path, 'a', 0o640);
  const first = fstatSync(fd);
  let { ino: inode, size: there } = first;
  let at = from?.inode === inode ? Math.min(from.byte, there) : from === undefined ? there : 0;
  const goOn = (next: string) => {
    closeSync(fd);
    fd = openSync(next, 'a', 0o640);
    ({ ino: inode, size: there } = fstatSync(fd));
    at = 0;
  };
  return {
    isFull: (more) => maxSize !== undefined && at + more >= maxSize,
    rotate() {
      if (inodeOf(path) === inode) rotate(path, names);
      goOn(path);
    },
    write(bytes) {
      const known = Math.min(there - at, bytes.length);
      const written = known > 0 ? known : writeSync(fd, bytes);
      at += written;
      there = Math.max(there, at);
      return bytes.subarray(written);
    },
    end: () => ({ inode, byte: at }),
    close: () => closeSync(fd),
  };
}

/** Every file gets the next one's name, as far as there is one: what was killed in the midst of it can do so again. */
function rotate(path: string, names: readonly string[]): void {
  const free = names.findIndex((name) => !existsSync(name));
  const last = free === -1 ? names.length - 1 : free;
  for (let nth = last; nth > 0; nth--) renameSync(names[nth - 1] as string, names[nth] as string);
  if (last > 0) return;
  closeSync(openSync(`${path}.new`, 'w', 0o640));
  renameSync(`${path}.new`, path);
}

function inodeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino;
}
