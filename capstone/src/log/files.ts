import { closeSync, fstatSync, readSync } from 'node:fs';
import { openIfThere } from '../if-there.ts';
import { MARK_BYTES } from './frames.ts';
import { filesOf } from './read.ts';

/** A file of a log, as large as it was when somebody began to look for its last lines. */
export interface LogFile {
  readonly fd: number;
  readonly inode: number;
  readonly size: number;
  /** What each of its frames begins with. */
  readonly mark: Buffer;
}

/** A byte in one of several files. */
export interface Place {
  readonly file: LogFile;
  readonly byte: number;
}

/** Opens the files of a log, the oldest first, to be closed by the caller. One without a mark has no frames. */
export function openFiles(path: string): LogFile[] {
  return filesOf(path).flatMap((one) => {
    const fd = openIfThere(one);
    if (fd === undefined) return [];
    const stat = fstatSync(fd);
    const mark = stat.isFile() ? bytesAt(fd, 0, MARK_BYTES) : Buffer.alloc(0);
    if (mark.length === MARK_BYTES) return [{ fd, inode: stat.ino, size: stat.size, mark }];
    closeSync(fd);
    return [];
  });
}

/** So many bytes, or as many as there are. */
export function bytesAt(fd: number, at: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, readSync(fd, bytes, 0, length, at));
}
