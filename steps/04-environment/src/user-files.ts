import { closeSync, fstatSync, readFileSync } from 'node:fs';
import {
  AT_FDCWD,
  O_CLOEXEC,
  O_DIRECTORY,
  O_PATH,
  openat,
  openat2,
  perform,
  RESOLVE_IN_ROOT,
  RESOLVE_NO_MAGICLINKS,
} from 'shared-native';
import type { UserFiles } from './user.ts';

/** The files of a root filesystem that say who there is; one that isn't there, or can't be read, is empty. */
export function userFiles(rootfs: string): UserFiles {
  return { passwd: readInside(rootfs, 'etc/passwd'), group: readInside(rootfs, 'etc/group') };
}

// #region a file of the container's, read by the host
/**
 * Reads a file of a root filesystem from outside. Its /etc/passwd may be a link to /etc/shadow: inside, that is the
 * container's, and by RESOLVE_IN_ROOT it is here, too. What is no regular file isn't opened at all: a device or a pipe
 * would do something, or wait.
 */
function readInside(rootfs: string, path: string): string {
  let root: number | undefined;
  let file: number | undefined;
  try {
    root = perform(openat(AT_FDCWD, rootfs, O_PATH | O_DIRECTORY | O_CLOEXEC));
    const how = { flags: O_PATH | O_CLOEXEC, resolve: RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS };
    file = perform(openat2(root, path, how));
    return fstatSync(file).isFile() ? readFileSync(`/proc/self/fd/${file}`, 'utf8') : '';
  } catch {
    return '';
  } finally {
    if (file !== undefined) closeSync(file);
    if (root !== undefined) closeSync(root);
  }
}
// #endregion
