import { randomBytes } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { type Call, dup3, F_SETFL, fcntl, O_NONBLOCK, openPipe, perform } from 'shared-native';
import { MARK_BYTES } from './shim/frames.ts';
import type { Log } from './shim/log-graph.ts';

/** A log that is about to be written, and what makes the container write to it. */
export interface OpenLog {
  readonly log: Log;
  /** Makes pipes of the standard output and error of the process that calls it. */
  readonly before: readonly Call[];
  /** Closes this process's copies. */
  close(): void;
}

/** Begins a new log at a path. @throws {Error} if the file can't be made */
export function openLog(path: string): OpenLog {
  const file = openSync(path, 'w', 0o600);
  const mark = randomBytes(MARK_BYTES);
  writeSync(file, mark);
  const [out, outEnd] = openPipe();
  const [err, errEnd] = openPipe();
  const [silent, open] = openPipe(O_NONBLOCK);
  for (const end of [out, err]) perform(fcntl(end, F_SETFL, O_NONBLOCK)); // the shim waits for both at once
  return {
    log: { file, mark: new Uint8Array(mark), out, err, silent, open },
    before: [dup3(outEnd, 1), dup3(errEnd, 2)],
    close() {
      for (const fd of [file, out, outEnd, err, errEnd, silent, open]) closeSync(fd);
    },
  };
}
