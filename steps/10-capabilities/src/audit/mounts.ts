import { posix } from 'node:path';
import { unescaped } from 'step-09';

/** A mount, as /proc/PID/mountinfo shows it: proc_pid_mountinfo(5). */
export interface Mount {
  /** The number of its filesystem: 254:0. */
  readonly filesystem: string;
  /** What of the filesystem it shows. */
  readonly root: string;
  readonly path: string;
  readonly type: string;
  /** May files be written through it, as far as the mount goes? */
  readonly writable: boolean;
}

/** The mounts that a process sees, in the order in which they were made. */
export function mountsIn(mountinfo: string): Mount[] {
  return mountinfo
    .split('\n')
    .filter((line) => line.includes(' - '))
    .map((line) => {
      const [where = '', what = ''] = line.split(' - ');
      const [, , filesystem = '', root = '', path = '', options = ''] = where.split(' ');
      const [type = '', , superOptions = ''] = what.split(' ');
      const isReadOnly = [options, superOptions].some((all) => all.split(',').includes('ro'));
      return { filesystem, root: unescaped(root), path: unescaped(path), type, writable: !isReadOnly };
    });
}

/** The filesystems that show what is in the kernel, and no files of anybody's. */
const KERNELS = [
  'proc',
  'sysfs',
  'cgroup',
  'cgroup2',
  'mqueue',
  'devpts',
  'devtmpfs',
  'securityfs',
  'debugfs',
  'tracefs',
];

export function isKernels({ type }: Mount): boolean {
  return KERNELS.includes(type);
}

/** Where the host has what a mount of the container's shows; undefined if nowhere. */
export function onHost(mount: Mount, hosts: readonly Mount[]): string | undefined {
  const below = ({ root }: Mount) => posix.relative(root, mount.root);
  const showing = hosts.filter((one) => one.filesystem === mount.filesystem && !/^\.\.(\/|$)/.test(below(one)));
  const [nearest] = showing.toSorted((one, other) => other.root.length - one.root.length);
  return nearest && posix.join(nearest.path, below(nearest));
}
