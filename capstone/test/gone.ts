import { closeSync } from 'node:fs';
import { perform, pidfdOpen, tolerate, whenReadable } from 'shared-native';

/** Settles when a process, which needn't be a child, has ended. */
export function gone(pid: number): Promise<void> {
  const pidfd = perform(tolerate(pidfdOpen(pid), 'ESRCH'));
  if (pidfd < 0) return Promise.resolve();
  return new Promise((resolve) => {
    whenReadable(pidfd, () => {
      closeSync(pidfd);
      resolve();
    });
  });
}
