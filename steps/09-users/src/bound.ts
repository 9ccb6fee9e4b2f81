import { AT_FDCWD, type Call, close, MS_BIND, mount, O_CLOEXEC, O_CREAT, O_RDONLY, openat } from 'shared-native';

// #region bound, not made
/**
 * Shows the container one of the host's devices. In a user namespace nobody can make a device node (mknod: EPERM), because
 * one with the right number would be a way to the disk. But the host may share a node that exists already.
 *
 * For the stage `inside`, in which relative paths are the host's.
 *
 * @param path - an absolute path on the host
 * @param target - the path in the container, where nothing exists yet
 */
export function bindDevice(path: string, target = path): Call[] {
  // #region task 4: bound, not made
  const place = openat(AT_FDCWD, target, O_RDONLY | O_CREAT | O_CLOEXEC, 0o644);
  return [place, close(place), mount(path.slice(1), target, null, MS_BIND)];
  // #endregion
}
// #endregion
