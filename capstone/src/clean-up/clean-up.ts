import { setTimeout as sleep } from 'node:timers/promises';
import { NoSuchContainer } from '../containers/find.ts';
import { whileLocked } from '../containers/lock.ts';
import { type BoxRecord, type Exited, type Process, readRecord, writeRecord } from '../containers/record.ts';
import { settled } from '../end.ts';
import { removeEnded } from '../remove.ts';
import { backOffAfter, startsAgain } from '../restart.ts';
import { begin } from '../start.ts';

type Wait = (milliseconds: number) => Promise<unknown>;

// #region the clean-up
/**
 * Cleans up at a container's end: records how it ended, undoes what the host did for it, and removes it or starts it again
 * if you asked for that.
 *
 * @param itself - the process that cleans up, which may have to wait before it starts the container again
 * @param wait - called before that; settles when it may go on
 */
export async function cleanUpAfter(id: string, itself?: Process, wait: Wait = sleep): Promise<void> {
  const next = await whileLocked(id, async () => {
    const record = await settled(id);
    const { run } = record;
    if (run.status !== 'exited') return;
    if (record.autoRemove) return removeEnded(record, true);
    if (itself && startsAgain(record, run)) return waiting(record, run, itself);
  });
  if (next) await startAgain(id, next, wait);
}
// #endregion

function waiting(record: BoxRecord, run: Exited, restarting: Process): Exited {
  const now = { ...run, restarting };
  writeRecord({ ...record, run: now });
  return now;
}

/** After a while, unless somebody has stopped, started or removed it meanwhile. */
async function startAgain(id: string, run: Exited, wait: Wait): Promise<void> {
  const backOff = backOffAfter(run);
  await wait(backOff);
  await whileLocked(id, async () => {
    const record = readRecord(id);
    if (record?.run.status !== 'exited' || record.run.startedAt !== run.startedAt || !record.run.restarting) return;
    const { restarting: _, ...ended } = record.run;
    await begin({ ...record, run: ended }, { again: { restartCount: run.restartCount + 1, backOff } });
  });
}

/** The same where another command finds that it hasn't been done: what did it was killed, and the container may be gone. */
export async function finish(id: string): Promise<void> {
  await cleanUpAfter(id).catch((error) => {
    if (!(error instanceof NoSuchContainer)) throw error;
  });
}
