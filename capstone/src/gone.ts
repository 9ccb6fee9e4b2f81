import { closeSync } from 'node:fs';
import { perform, pidfdOpen, pidfdSendSignal, tolerate, whenReadable } from 'shared-native';
import { isStill } from 'step-10';
import type { Process } from './containers/record.ts';

/** Settles when a process, which needn't be a child, has ended, or nobody wants to know any more. */
export function gone(process: Process, over?: AbortSignal): Promise<void> {
  const pidfd = openProcess(process);
  if (pidfd === undefined) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      stop();
      over?.removeEventListener('abort', done);
      closeSync(pidfd);
      resolve();
    };
    const stop = whenReadable(pidfd, done);
    over?.addEventListener('abort', done);
  });
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

/**
 * A descriptor of a process, to be closed by the caller. It is of what had the number when it was opened, so whether that is
 * the process that is meant, is asked then.
 *
 * @returns undefined if it has ended
 */
export function openProcess(process: Process): number | undefined {
  const pidfd = perform(tolerate(pidfdOpen(process.pid), 'ESRCH'));
  if (pidfd < 0) return undefined;
  if (isStill(process)) return pidfd;
  closeSync(pidfd);
  return undefined;
}
