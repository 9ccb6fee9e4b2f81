import type { BoxRecord, Exited } from './containers/record.ts';

/** Milliseconds before the first restart. Each further restart waits twice as long, up to a minute. */
const FIRST = 100;
const LONGEST = 60_000;

/** A run of at least so many milliseconds was a good one: the next restart waits no longer than the first. */
const GOOD = 10_000;

// #region again
/** Does the restart policy start a container again that has just ended like this? */
export function startsAgain({ restart, stopped }: BoxRecord, { exitCode, restartCount }: Exited): boolean {
  const { name, maximumRetryCount: most } = restart;
  if (stopped || name === 'no') return false;
  return name !== 'on-failure' || (exitCode !== 0 && (most === 0 || restartCount < most));
}

/** How long it waits first, in milliseconds. */
export function backOffAfter({ backOff, startedAt, finishedAt }: Exited): number {
  return backOff === 0 || finishedAt - startedAt >= GOOD ? FIRST : Math.min(2 * backOff, LONGEST);
}
// #endregion

/**
 * Should it be started after the machine has? As with docker's daemon, `always` means even if it was stopped, but not if it was
 * never started.
 */
export function startsAtBoot(record: BoxRecord): boolean {
  const { restart, run } = record;
  if (run.status !== 'exited') return false;
  return restart.name === 'always' || startsAgain(record, run);
}
