import { closeSync } from 'node:fs';
import { join } from 'node:path';
import { closeHeld, hold } from 'step-06';
import { type DriverOptions, mountDevice, unmountDevice } from './device.ts';
import { fill } from './fill.ts';
import { lockAlone, lockShared, share } from './lock.ts';
import { removeVolume } from './remove.ts';
import { createVolume, dataOf, volumeNamed } from './store.ts';

/** A volume as a container uses it. */
export interface Used {
  /** Where the volumes are. */
  readonly directory: string;
  readonly name: string;
  readonly anonymous: boolean;
  readonly labels: Readonly<Record<string, string>>;
  /** What is mounted on it, if it is made now. */
  readonly options?: DriverOptions;
  /** What it is to take over as long as it's empty: a path in a root filesystem. */
  readonly from?: { readonly rootfs: string; readonly path: string };
  /** The container that uses it. */
  readonly by: string;
}

/** The locks of this process: a container's on each of its volumes. */
const locks = new Map<string, number>();

/** Makes a volume unless it is there, fills it if it is empty, and keeps others from removing it. */
export async function keep(used: Used): Promise<void> {
  const lock = await locked(used);
  hold(lock, () => locks.delete(key(used)));
  locks.set(key(used), lock);
}

/** Lets go of a volume. If nobody gave it a name, and nobody else uses it, it is removed. */
export function leave(used: Pick<Used, 'directory' | 'name' | 'anonymous' | 'by'>): void {
  const lock = locks.get(key(used));
  if (lock !== undefined) {
    closeHeld(lock);
    locks.delete(key(used));
  }
  if (used.anonymous) removeVolume(used.directory, used.name);
  else if (volumeNamed(used.directory, used.name)?.options) unmountUnused(used);
}

/** Nothing stays mounted for a volume that nobody uses. */
function unmountUnused({ directory, name }: Pick<Used, 'directory' | 'name'>): void {
  const lock = lockAlone(join(directory, name));
  if (typeof lock !== 'number') return;
  try {
    unmountDevice(dataOf(directory, name));
  } finally {
    closeSync(lock);
  }
}

async function locked(used: Used): Promise<number> {
  const path = join(used.directory, used.name);
  for (;;) {
    createVolume(used.directory, used);
    const alone = lockAlone(path); // nobody sees it half filled, or loses what is written meanwhile
    if (typeof alone !== 'number') {
      const shared = await lockShared(path);
      if (shared !== undefined) return shared;
    } else {
      fillLocked(used, alone);
      if (share(alone, path)) return alone;
      closeSync(alone);
    }
  }
}

function fillLocked({ directory, name, from }: Used, lock: number): void {
  try {
    const options = volumeNamed(directory, name)?.options;
    if (options) mountDevice(dataOf(directory, name), options);
    else if (from) fill(directory, name, from);
  } catch (error) {
    closeSync(lock);
    throw error;
  }
}

function key({ directory, name, by }: Pick<Used, 'directory' | 'name' | 'by'>): string {
  return `${by} ${join(directory, name)}`;
}
