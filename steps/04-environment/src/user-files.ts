import { closeSync, fstatSync, readFileSync } from 'node:fs';
import { openInside } from 'step-03';
import type { UserFiles } from './user.ts';

/** The files of a root filesystem that list its users; one that is missing or can't be read is empty. */
export function userFiles(rootfs: string): UserFiles {
  return { passwd: readInside(rootfs, 'etc/passwd'), group: readInside(rootfs, 'etc/group') };
}

// #region a file of the container's, read by the host
/**
 * Reads a file of a root filesystem from outside. If its /etc/passwd is a link to /etc/shadow, openat2's RESOLVE_IN_ROOT
 * opens the container's shadow, just as inside. Devices and pipes are never opened: that could have an effect, or block.
 */
function readInside(rootfs: string, path: string): string {
  let file: number | undefined;
  try {
    file = openInside(rootfs, path);
    return fstatSync(file).isFile() ? readFileSync(`/proc/self/fd/${file}`, 'utf8') : '';
  } catch {
    return '';
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
// #endregion
