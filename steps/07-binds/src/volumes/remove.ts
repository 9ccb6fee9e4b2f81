import { closeSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { happened } from 'step-06';
import { unmountDevice } from './device.ts';
import { lockAlone } from './lock.ts';
import { dataOf, scratch, volumeAnyhow } from './store.ts';

/**
 * Removes a volume with all that is in it.
 *
 * @returns false if somebody uses it, or there is none
 */
export function removeVolume(directory: string, name: string): boolean {
  const path = join(directory, name);
  const lock = lockAlone(path);
  if (typeof lock !== 'number') return false;
  try {
    if (volumeAnyhow(directory, name)) unmountDevice(dataOf(directory, name)); // or its files would be removed
    const away = scratch(directory);
    renameSync(path, join(away, name)); // from one moment to the next: whoever is killed here leaves no half of it
    rmSync(away, { recursive: true, force: true });
    happened({ Type: 'volume', Action: 'destroy', id: name, attributes: { driver: 'local' } });
    return true;
  } finally {
    closeSync(lock);
  }
}
