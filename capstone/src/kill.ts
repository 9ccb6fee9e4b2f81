import { SIGKILL } from 'shared-native';
import { freezeContainer } from 'step-10';
import { hierarchiesOf } from './cgroups/parent.ts';
import { isPaused } from './containers/paused.ts';
import type { BoxRecord, Process } from './containers/record.ts';
import { runningProcess } from './containers/state.ts';
import { signal } from './gone.ts';

/** Its first process. @returns undefined if it doesn't run */
export function processOf({ id, run }: BoxRecord): Process | undefined {
  const process = run.status === 'begun' ? runningProcess(id, run) : undefined;
  return typeof process === 'object' ? process : undefined;
}

/**
 * Sends a signal to a container's first process. False if that has ended. One that stands still wouldn't get it, so as docker's
 * it goes on: unless it has a stop signal of its own, and this is neither that one nor SIGKILL.
 */
export async function kill(record: BoxRecord, number: number): Promise<boolean> {
  const process = processOf(record);
  const sent = process !== undefined && signal(process, number);
  const goesOn = [SIGKILL, record.stopSignal ?? number].includes(number);
  if (sent && goesOn && isPaused(record.id, record.cgroupParent))
    await freezeContainer(record.id, false, hierarchiesOf(record)).catch(() => {});
  return sent;
}
