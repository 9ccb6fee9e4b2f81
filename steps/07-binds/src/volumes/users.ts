import { journalNames, runningContainer } from 'step-06';
import { mountsOf } from '../flags/volumes-from.ts';

/** The running containers that use a volume. */
export function usersOf(volume: string): string[] {
  return journalNames().filter((name) => {
    try {
      return mountsOf(runningContainer(name)).some((mount) => mount.type === 'volume' && mount.name === volume);
    } catch {
      return false; // it isn't running any more
    }
  });
}
