import {
  AT_FDCWD,
  chdir,
  fchdir,
  MNT_DETACH,
  MS_BIND,
  MS_NODEV,
  MS_NOEXEC,
  MS_NOSUID,
  MS_RDONLY,
  MS_REC,
  MS_REMOUNT,
  mkdir,
  mount,
  O_CLOEXEC,
  O_DIRECTORY,
  O_PATH,
  openat,
  pivotRoot,
  tolerate,
  umask,
  umount2,
} from 'shared-native';
import * as previous from 'step-01';
import { extend, type Plan } from 'step-01';
import { console, devices } from './dev.ts';
import { mountPoint } from './mount-point.ts';
import type { Options } from './options.ts';

// #region any directory as root
/** Step 01's container with a directory as its root that it can't leave, and a /proc, /sys and /dev of its own. */
export function plan(options: Options): Plan {
  const hostRoot = openat(AT_FDCWD, '/', O_PATH | O_DIRECTORY | O_CLOEXEC);
  return extend(previous.plan(options), 'step-02', {
    replaces: ['enter', 'inside'],
    setup: [mount(options.rootfs, options.rootfs, null, MS_BIND | MS_REC)],
    enter: [hostRoot, chdir(options.rootfs), pivotRoot('.', '.'), fchdir(hostRoot)],
    inside: [
      umask(0),
      ...mountPoint('/proc', 0o555),
      mount('proc', '/proc', 'proc', MS_NOSUID | MS_NODEV | MS_NOEXEC),
      ...mountPoint('/sys', 0o555),
      mount('sysfs', '/sys', 'sysfs', MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RDONLY),
      ...devices(),
      ...(options.terminal ? console() : []),
      tolerate(mkdir('/tmp', 0o1777), 'EEXIST'),
      ...(options.readOnly ? [mount(null, '/', null, MS_REMOUNT | MS_BIND | MS_RDONLY)] : []),
    ],
    leave: [umount2('.', MNT_DETACH), chdir('/')],
  });
}
// #endregion
