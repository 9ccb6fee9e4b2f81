import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { lseek, perform, SEEK_END } from 'shared-native';
import { randomBytes } from '../containers/random-bytes.ts';
import type { Log } from '../shim/log-graph.ts';
import { headerOf, MARK_BYTES } from './frames.ts';
import type { LogOptions } from './options.ts';

/** Files that a log needs whatever is written to it. */
export type OpenLog = Omit<Log, 'out' | 'err'>;

/**
 * Opens a log for writing: one that is there goes on at its end.
 *
 * @returns its descriptors, and what closes them in this process
 * @throws {Error} if the file can't be made
 */
export function openLog(path: string, { maxSize, maxFile, bufferBytes }: LogOptions): [OpenLog, close: () => void] {
  const file = openSync(path, 'a+', 0o600);
  const mark = markOf(file);
  const directory = maxSize === undefined ? undefined : openSync(dirname(path), 'r');
  // Not for appending: then a time could not be put at the beginning.
  const write = openSync(path, 'r+');
  perform(lseek(write, 0, SEEK_END));
  closeSync(file);
  return [
    {
      file: write,
      mark: new Uint8Array(mark),
      header: headerOf(mark),
      bufferBytes,
      ...(maxSize !== undefined &&
        directory !== undefined && { rotation: { directory, maxSize, names: namesOf(basename(path), maxFile) } }),
    },
    () => {
      for (const fd of [write, directory]) if (fd !== undefined) closeSync(fd);
    },
  ];
}

/** The mark of a log; a new one gets one, and its first frame. */
function markOf(file: number): Uint8Array {
  const mark = new Uint8Array(MARK_BYTES);
  if (fstatSync(file).size >= MARK_BYTES) {
    readSync(file, mark, { position: 0 });
    return mark;
  }
  mark.set(randomBytes(MARK_BYTES));
  writeSync(file, headerOf(mark));
  return mark;
}

/** The names of a log's files, the newest first. */
export function namesOf(newest: string, maxFile: number): string[] {
  return Array.from({ length: maxFile }, (_, nth) => (nth === 0 ? newest : `${newest}.${nth}`));
}
