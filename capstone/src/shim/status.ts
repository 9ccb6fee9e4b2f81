import { readFileSync, type Stats, statSync, writeSync } from 'node:fs';
import { type Exit, endOf } from 'shared-native';

/** What the shim is called in `ps`. */
export const SHIM = 'boxstep-shim';

/** Bytes of what wait4(2) says of an end: an int. */
export const WAIT_STATUS_BYTES = 4;

/** Bytes of struct rusage: getrusage(2). */
export const RUSAGE_BYTES = 144;

const WHOLE = WAIT_STATUS_BYTES + RUSAGE_BYTES;

/**
 * Takes the room for a status in a file that is empty: at the end, the disk may be full. What it says until then is that there is none.
 *
 * @param file - open for writing; a shim writes at its beginning all the same
 */
export function reserveStatus(file: number): void {
  const none = Buffer.alloc(WHOLE);
  none.writeInt32LE(-1);
  writeSync(file, none, 0, WHOLE, 0);
}

/** How a container ended, as its shim wrote it down. */
export interface Ended extends Pick<Exit, 'status' | 'signal'> {
  /** Processor time that it and what it waited for took, in microseconds. */
  readonly microseconds: number;
}

/**
 * Reads what a shim wrote.
 *
 * @returns undefined if it has written nothing: the container runs, or its shim was killed with it; `unreadable` if the file
 *   isn't there, or is one that no shim has written
 */
export function readStatus(path: string): Ended | 'unreadable' | undefined {
  if (!statOf(path)?.isFile()) return 'unreadable';
  const file = readFileSync(path);
  if (file.length === 0) return undefined; // it is being started
  if (file.length !== WHOLE) return 'unreadable';
  const word = file.readInt32LE(0);
  if (word < 0) return undefined; // it is reserved, or there was no process to wait for
  const [user, system] = [timeAt(file, WAIT_STATUS_BYTES), timeAt(file, WAIT_STATUS_BYTES + TIMEVAL_BYTES)];
  return { ...endOf(word), microseconds: user + system };
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined; // it isn't there, or is a link that leads nowhere
  }
}

const TIMEVAL_BYTES = 16;

/** A struct timeval: seconds, then microseconds. */
function timeAt(file: Buffer, at: number): number {
  return Number(file.readBigInt64LE(at)) * 1_000_000 + Number(file.readBigInt64LE(at + 8));
}
