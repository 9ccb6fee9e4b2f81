import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { SIGKILL, signalNumber } from 'shared-native';
import { tell } from './containers/event.ts';
import { whileLocked } from './containers/lock.ts';
import { type BoxRecord, writeRecord } from './containers/record.ts';
import { isDiskFull } from './disk-full.ts';
import { settled } from './end.ts';
import { signal } from './gone.ts';
import { kill, processOf } from './kill.ts';
import { ended } from './wait.ts';

/** How a container is stopped: what its record says, unless given. */
export interface Stopping {
  /** The number of the signal. */
  readonly signal?: number;
  /** Seconds from that to SIGKILL; Infinity for never. */
  readonly timeout?: number;
}

/** Seconds, where neither the command nor the record says how many. */
const TIMEOUT = 10;

/** The longest time that a timer takes, in ms: 24 days. */
const LONGEST = 2 ** 31 - 1;

// #region stop
/** Ends a container that runs: by a signal that it can handle, and after a time by SIGKILL. */
export async function stop(id: string, { signal, timeout }: Stopping = {}): Promise<void> {
  const record = await markStopped(id);
  if (!processOf(record)) return;
  const { stopSignal = constants.signals.SIGTERM, stopTimeout = TIMEOUT } = record;
  const end = ended(record);
  await kill(record, signal ?? stopSignal);
  if (!(await isOverWithin(end, timeout ?? stopTimeout))) await kill(record, SIGKILL);
  await end;
  tell('stop', record);
}
// #endregion

/** From now on its restart policy doesn't start it again. */
export function markStopped(id: string): Promise<BoxRecord> {
  return whileLocked(id, async () => {
    const { run, ...record } = await settled(id);
    const { restarting, ...now } = run.status === 'exited' ? run : { ...run, restarting: undefined };
    const stopped = { ...record, stopped: true, run: now };
    writeIfRoom(stopped);
    if (restarting) signal(restarting, signalNumber('SIGTERM')); // it waits, and would find nothing to do
    return stopped;
  });
}

/** Where a disk is full, what fills it must be stopped all the same: nothing starts it again. @throws {Error} if something does */
function writeIfRoom(record: BoxRecord): void {
  try {
    writeRecord(record);
  } catch (error) {
    if (!isDiskFull(error) || record.restart.name !== 'no') throw error;
  }
}

async function isOverWithin(end: Promise<unknown>, seconds: number): Promise<boolean> {
  if (seconds === Infinity) return end.then(() => true);
  const timer = new AbortController();
  const late = sleep(Math.min(seconds * 1000, LONGEST), false, { signal: timer.signal }).catch(() => true);
  const isOver = await Promise.race([end.then(() => true), late]);
  timer.abort();
  return isOver;
}
