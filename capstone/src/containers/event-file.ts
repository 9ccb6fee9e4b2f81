import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs';
import { flock, LOCK_EX, LOCK_NB, LOCK_SH, perform, tolerate } from 'shared-native';
import { isAt } from 'step-10';

/** Bytes from which on a file of events is full: some 15,000 events. /run is memory. */
const FULL = 4 << 20;

/** The file of the events that came before those in a file of events: there is one, and it takes the place of the one before. */
export function olderEvents(path: string): string {
  return `${path}.1`;
}

// #region one file of events after another
/**
 * Adds a line to a file of events, and puts the file aside once it is full. Whoever writes has a lock that others may share, and
 * whoever puts the file aside one that nobody else may have: so nothing is written to a file that is aside, where a reader who
 * has read it to its end would not see it.
 */
export function addLine(path: string, line: string, full: number = FULL): void {
  const file = openNewest(path);
  try {
    writeSync(file, `${line}\n`);
    if (fstatSync(file).size >= full) putAside(file, path);
  } finally {
    closeSync(file);
  }
}

function openNewest(path: string): number {
  for (;;) {
    const file = openSync(path, 'a', 0o600);
    perform(flock(file, LOCK_SH));
    if (isAt(file, path)) return file;
    closeSync(file); // it was put aside just now
  }
}

/** If others are writing, one of them will do it. */
function putAside(file: number, path: string): void {
  if (perform(tolerate(flock(file, LOCK_EX | LOCK_NB), 'EAGAIN')) === 0 && isAt(file, path))
    renameSync(path, olderEvents(path));
}
// #endregion
