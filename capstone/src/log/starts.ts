import { closeSync } from 'node:fs';
import { begunAt } from './begun.ts';
import { bytesAt, type LogFile, openFiles, type Place } from './files.ts';
import type { Line } from './lines.ts';
import type { Position } from './read.ts';

/** A place to read a log from: its beginning unless given, and the lines that had begun before. */
export interface Start {
  readonly from?: Position;
  readonly begun: readonly Line[];
}

/** Bytes before the end where the first place is, and how many times as far away each next one is. */
const NEAREST = 256 * 1024;
const TIMES = 4;

/** Places to read a log's last lines from, the nearest to its end first. The last one is its beginning. */
export function* startsOf(path: string, nearest: number = NEAREST): Generator<Start> {
  const files = openFiles(path);
  try {
    const total = files.reduce((sum, { size }) => sum + size, 0);
    for (let bytes = nearest; bytes < total; bytes *= TIMES) {
      const place = frameFrom(files, total - bytes);
      const begun = place && begunAt(files, place);
      if (begun) yield { from: { inode: place.file.inode, byte: place.byte }, begun };
    }
  } finally {
    for (const { fd } of files) closeSync(fd);
  }
  yield { begun: [] };
}

/** More bytes than a frame has. */
const LARGEST = 2 << 20;

/** The first frame that begins at a byte of all files together, or after it. @returns undefined if there is none nearby */
function frameFrom(files: readonly LogFile[], from: number): Place | undefined {
  let left = from;
  for (const [nth, file] of files.entries()) {
    if (left >= file.size) {
      left -= file.size;
      continue;
    }
    const found = bytesAt(file.fd, left, Math.min(LARGEST, file.size - left)).indexOf(file.mark);
    const next = files[nth + 1];
    return found === -1 ? next && { file: next, byte: 0 } : { file, byte: left + found };
  }
  return undefined;
}
