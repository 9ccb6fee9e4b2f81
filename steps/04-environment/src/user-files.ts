import { closeSync, fstatSync, readFileSync } from 'node:fs';
import { openInside } from 'step-03';
import type { UserFiles } from './user.ts';

/** The files of a root filesystem that say who there is; one that isn't there, or can't be read, is empty. */
export function userFiles(rootfs: string): UserFiles {
  return { passwd: readInside(rootfs, 'etc/passwd'), group: readInside(rootfs, 'etc/group') };
}

// #region a file of the container's, read by the host
/**
 * Reads a file of a root filesystem from outside. Its /etc/passwd may be a link to /etc/shadow: inside, that is the
 * container's, and by openat2's RESOLVE_IN_ROOT it is here, too. What is no regular file isn't opened at all: a device or a
 * pipe would do something, or wait.
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
