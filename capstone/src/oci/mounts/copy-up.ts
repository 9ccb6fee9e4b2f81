import { closeSync, existsSync, openSync, readdirSync } from 'node:fs';
import { copyDirectory, openInside, resolveInside } from 'step-10';
import type { Bundle } from '../config/bundle.ts';
import { mountOptions } from './options.ts';

/**
 * Copies what a directory of the root holds into the filesystem in memory that covers it, for those that ask for that.
 *
 * @param pid - a process that has mounted it, and is not in the root yet
 */
export function fillMemory({ config, rootfs }: Bundle, pid: number): void {
  for (const { type, destination, options = [] } of config.mounts ?? []) {
    if (type !== 'tmpfs' || !mountOptions(options).copyUp) continue;
    const path = resolveInside(rootfs, destination);
    if (!existsSync(rootfs + path) || readdirSync(rootfs + path).length === 0) continue;
    const place = openInside(`/proc/${pid}/root${rootfs}`, path);
    const source = openSync(rootfs + path, 'r');
    try {
      copyDirectory(source, `/proc/self/fd/${place}`);
    } finally {
      closeSync(source);
      closeSync(place);
    }
  }
}
