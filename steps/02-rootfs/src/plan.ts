import {
  MS_BIND,
  MS_NODEV,
  MS_NOEXEC,
  MS_NOSUID,
  MS_RDONLY,
  MS_REMOUNT,
  mkdir,
  mount,
  tolerate,
  umask,
} from 'shared-native';
import * as previous from 'step-01';
import { extend, type Plan } from 'step-01';
import { devices } from './dev.ts';
import { mountPoint } from './mount-point.ts';
import type { Options } from './options.ts';
import { pivotInto } from './pivot.ts';

// #region any directory as root
/** Step 01's container with any directory as its root, no path back, and /proc, /sys and /dev mounted in it. */
export function plan(options: Options): Plan {
  const { setup, enter, leave } = pivotInto(options.rootfs);
  return extend(previous.plan(options), 'step-02', {
    replaces: ['enter', 'inside'],
    setup,
    enter,
    inside: [
      umask(0),
      ...mountPoint('/proc', 0o555),
      mount('proc', '/proc', 'proc', MS_NOSUID | MS_NODEV | MS_NOEXEC),
      ...mountPoint('/sys', 0o555),
      mount('sysfs', '/sys', 'sysfs', MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RDONLY),
      ...devices(),
      tolerate(mkdir('/tmp', 0o1777), 'EEXIST'),
    ],
    leave: [...leave, ...(options.readOnly ? [mount(null, '/', null, MS_REMOUNT | MS_BIND | MS_RDONLY)] : [])],
  });
}
// #endregion
