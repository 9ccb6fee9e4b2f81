import { setTimeout as sleep } from 'node:timers/promises';
import { tell } from '../containers/event.ts';
import { isPaused } from '../containers/paused.ts';
import { type BoxRecord, readRecord } from '../containers/record.ts';
import { runningProcess } from '../containers/state.ts';
import { gone } from '../gone.ts';
import { check } from './check.ts';
import { judged, timesOf, waitOf } from './judge.ts';
import { readHealth, writeHealth } from './state.ts';

/** Asks a container again and again whether it is well, until this run of it has ended. */
export async function watchHealth(id: string): Promise<void> {
  const record = readRecord(id);
  if (record?.run.status !== 'begun' || !record.healthcheck) return;
  const process = runningProcess(id, record.run);
  if (typeof process === 'string') return;
  const { startedAt } = record.run;
  const ending = new AbortController();
  const end = gone(process).then(() => ending.abort());
  await Promise.race([end, untilEnded(record, startedAt, ending.signal)]);
}

async function untilEnded(record: BoxRecord, startedAt: number, signal: AbortSignal): Promise<void> {
  const { id, healthcheck = {} } = record;
  const times = timesOf(healthcheck);
  for (let health = readHealth(record); health && !signal.aborted; ) {
    await sleep(waitOf(health, times, Date.now() - startedAt), undefined, { signal }).catch(() => {});
    if (signal.aborted || isPaused(id, record.cgroupParent)) continue; // one that stands still is asked when it goes on
    const result = await check(id, healthcheck, times.timeout);
    if (signal.aborted) return;
    const { status } = health;
    health = judged(health, result, times, startedAt);
    writeHealth(id, health);
    if (health.status !== status) tell(`health_status: ${health.status}`, readRecord(id) ?? record);
  }
}
