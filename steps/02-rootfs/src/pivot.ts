import {
  AT_FDCWD,
  chdir,
  fchdir,
  MNT_DETACH,
  MS_BIND,
  MS_REC,
  mount,
  O_CLOEXEC,
  O_DIRECTORY,
  O_PATH,
  openat,
  pivotRoot,
  umount2,
} from 'shared-native';
import type { Program } from 'step-01';

// #region pivot_root
/**
 * Makes a directory the root of the mount namespace, and unmounts the old root. In between, absolute paths are the
 * container's and relative ones still the host's, because the working directory is the host's root.
 */
export function pivotInto(rootfs: string): Pick<Program, 'setup' | 'enter' | 'leave'> {
  // #region task 1: a root that can't be left
  const hostRoot = openat(AT_FDCWD, '/', O_PATH | O_DIRECTORY | O_CLOEXEC);
  return {
    setup: [mount(rootfs, rootfs, null, MS_BIND | MS_REC)], // pivot_root takes nothing but a mount
    enter: [hostRoot, chdir(rootfs), pivotRoot('.', '.'), fchdir(hostRoot)],
    leave: [umount2('.', MNT_DETACH), chdir('/')],
  };
  // #endregion
}
// #endregion
