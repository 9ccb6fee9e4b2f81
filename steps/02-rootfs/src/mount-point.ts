import {
  AT_FDCWD,
  type Call,
  mkdir,
  O_CLOEXEC,
  O_DIRECTORY,
  O_NOFOLLOW,
  O_PATH,
  openat,
  tolerate,
} from 'shared-native';

// #region a place to mount on
/**
 * Makes sure that there is a directory to mount on. An image may have a symbolic link there instead, which mount would
 * follow; opening it with O_NOFOLLOW fails on a link. Nothing runs in this container yet that could swap in a link
 * afterwards; only another container on the same directory could.
 */
export function mountPoint(path: string, mode: number): Call[] {
  // #region task 2: a place to mount on
  return [tolerate(mkdir(path, mode), 'EEXIST'), openat(AT_FDCWD, path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)];
  // #endregion
}
// #endregion
