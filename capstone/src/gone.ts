import { closeSync } from 'node:fs';
import { perform, pidfdSendSignal, tolerate } from 'shared-native';
import { isStill, pidfdOf, whenEnded } from 'step-10';
import type { Process } from './containers/record.ts';

/** Settles when a process, which needn't be a child, has ended, or nobody wants to know any more. */
export async function gone(process: Process, over?: AbortSignal): Promise<void> {
  const pidfd = openProcess(process);
  if (pidfd === undefined) return;
  try {
    await whenEnded(pidfd, over);
  } finally {
    closeSync(pidfd);
  }
}

/** Sends a signal to a process, and to no other that has its number by now. False if it has ended. */
export function signal(process: Process, number: number): boolean {
  const pidfd = openProcess(process);
  if (pidfd === undefined) return false;
  try {
    return perform(tolerate(pidfdSendSignal(pidfd, number), 'ESRCH')) === 0;
  } finally {
    closeSync(pidfd);
  }
}

/** A descriptor of a process, to be closed by the caller. @returns undefined if it has ended */
export function openProcess(process: Process): number | undefined {
  return pidfdOf(process.pid, () => isStill(process));
}
