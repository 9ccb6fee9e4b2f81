import { closeSync } from 'node:fs';
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

// #region a file of the container's, from outside
/**
 * Takes hold of a file of a root filesystem from outside. Its /etc/passwd may be a link to /etc/shadow: inside, that is the
 * container's, and by RESOLVE_IN_ROOT it is here, too.
 *
 * @returns a descriptor that only knows the place (O_PATH): a device or a pipe, once opened, would do something, or wait
 * @throws {SyscallError} ENOENT
 */
export function openInside(rootfs: string, path: string): number {
  const root = perform(openat(AT_FDCWD, rootfs, O_PATH | O_DIRECTORY | O_CLOEXEC));
  try {
    const how = { flags: O_PATH | O_CLOEXEC, resolve: RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS };
    return perform(openat2(root, path, how));
  } finally {
    closeSync(root);
  }
}
// #endregion
