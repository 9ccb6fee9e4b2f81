import { closeSync } from 'node:fs';
import { perform, pidfdOpen, tolerate } from 'shared-native';
import { readable } from 'step-08';

/**
 * A descriptor of a process, to be closed by the caller. It is of what had the number when it was opened, so whether that is
 * the process that is meant, is asked then.
 *
 * @returns undefined if it has ended
 */
export function pidfdOf(pid: number, isMeant: () => boolean): number | undefined {
  const pidfd = perform(tolerate(pidfdOpen(pid), 'ESRCH'));
  if (pidfd < 0) return undefined;
  if (isMeant()) return pidfd;
  closeSync(pidfd);
  return undefined;
}

/** Settles when the process of a descriptor, which needn't be a child, has ended, or nobody wants to know any more: pidfd_open(2). */
export function whenEnded(pidfd: number, over?: AbortSignal): Promise<void> {
  return readable(pidfd, over);
}
