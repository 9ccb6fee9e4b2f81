import {
  AT_FDCWD,
  type Call,
  close,
  MS_BIND,
  MS_NODEV,
  MS_NOEXEC,
  MS_NOSUID,
  MS_STRICTATIME,
  makedev,
  mkdir,
  mknod,
  mount,
  O_CLOEXEC,
  O_CREAT,
  O_RDONLY,
  openat,
  S_IFCHR,
  symlink,
} from 'shared-native';
import { mountPoint } from './mount-point.ts';

// #region /dev
/** The devices that every program expects, by their numbers in the kernel (devices.txt). */
const DEVICES = {
  null: [1, 3],
  zero: [1, 5],
  full: [1, 7],
  random: [1, 8],
  urandom: [1, 9],
  tty: [5, 0],
} as const;

const LINKS = {
  fd: '/proc/self/fd',
  stdin: '/proc/self/fd/0',
  stdout: '/proc/self/fd/1',
  stderr: '/proc/self/fd/2',
  ptmx: 'pts/ptmx',
} as const;

/** The container's /dev: a few devices that can do no harm, and none of the host's terminals. */
export function devices(): Call[] {
  // #region task 3: a /dev of its own
  return [
    ...mountPoint('/dev', 0o755),
    mount('tmpfs', '/dev', 'tmpfs', MS_NOSUID | MS_STRICTATIME, 'mode=755,size=65536k'),
    ...Object.entries(DEVICES).map(([name, [major, minor]]) =>
      mknod(`/dev/${name}`, S_IFCHR | 0o666, makedev(major, minor)),
    ),
    ...Object.entries(LINKS).map(([name, target]) => symlink(target, `/dev/${name}`)),
    mkdir('/dev/pts', 0o755),
    mount('devpts', '/dev/pts', 'devpts', MS_NOSUID | MS_NOEXEC, 'newinstance,ptmxmode=0666,mode=0620,gid=5'),
    mkdir('/dev/shm', 0o1777),
    mount('shm', '/dev/shm', 'tmpfs', MS_NOSUID | MS_NODEV | MS_NOEXEC, 'mode=1777,size=65536k'),
  ];
  // #endregion
}
// #endregion

/**
 * /dev/console, where a system's messages go, is a terminal.
 *
 * @param terminal - its path in the container
 */
export function console(terminal: string): Call[] {
  const file = openat(AT_FDCWD, '/dev/console', O_RDONLY | O_CREAT | O_CLOEXEC, 0o620);
  return [file, close(file), mount(terminal, '/dev/console', null, MS_BIND)];
}
