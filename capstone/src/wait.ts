import { closeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { statusPath } from './containers/place.ts';
import type { Begun, BoxRecord } from './containers/record.ts';
import { exitCodeOf, NOBODY_KNOWS, runningProcess, SIGKILLED, stateOf, watches } from './containers/state.ts';
import { gone } from './gone.ts';
import { openIfThere } from './if-there.ts';
import { readStatus } from './shim/status.ts';

// #region waiting
/**
 * Waits until a container doesn't run any more.
 *
 * @param over - aborted when nobody wants to know any more: then what this returns means nothing
 * @returns its exit status, also where the container is removed meanwhile: the file is open before that
 */
export async function ended(record: BoxRecord, over?: AbortSignal): Promise<number> {
  const { id, run } = record;
  if (run.status !== 'begun') return stateOf(record).exitCode;
  const file = openIfThere(statusPath(id));
  try {
    const process = runningProcess(id, run);
    if (typeof process === 'object') await gone(process, over);
    return file === undefined || over?.aborted ? NOBODY_KNOWS : await statusIn(`/proc/self/fd/${file}`, run);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
// #endregion

/** Its shim is about to write it down: it takes as long as to wake up. */
async function statusIn(path: string, { shim }: Begun): Promise<number> {
  for (;;) {
    const watched = shim !== undefined && watches(shim);
    const status = readStatus(path);
    if (status === 'unreadable') return NOBODY_KNOWS;
    if (status) return exitCodeOf(status);
    if (!watched) return SIGKILLED;
    await sleep(1);
  }
}
