import {
  AT_EMPTY_PATH,
  AT_FDCWD,
  type Call,
  close,
  dup3,
  fchownat,
  ioctl,
  O_CLOEXEC,
  O_NOCTTY,
  O_NONBLOCK,
  O_RDONLY,
  O_RDWR,
  O_WRONLY,
  openat,
  setsid,
  TCGETS,
  TIOCGPGRP,
  TIOCGPTN,
  TIOCGPTPEER,
  TIOCGSID,
  TIOCGWINSZ,
  TIOCNOTTY,
  TIOCSCTTY,
  TIOCSPGRP,
  TIOCSPTLCK,
  TIOCSWINSZ,
} from '../../../src/index.ts';
import type { Random } from '../random.ts';

const ACCESS = [O_RDWR, O_RDWR | O_NOCTTY, O_RDWR | O_NOCTTY | O_CLOEXEC, O_WRONLY, O_RDONLY | O_NONBLOCK];
const anyAccess = (random: Random): number => random.pick(ACCESS);
/** Of a descriptor that TIOCGPTPEER opened with O_CLOEXEC, /proc/PID/fdinfo says close-on-exec for every copy, though it isn't. */
const peerAccess = (random: Random): number => anyAccess(random) & ~O_CLOEXEC;
const number = (value: number) => new Uint8Array(new Int32Array([value]).buffer);
/** Descriptors are given out in order, so these are mostly terminals. */
const anyDescriptor = (random: Random): number => random.pick([3, 3, 4, 4, 5, 6, 77]);

/** Terminals: opened, unlocked, given to the session, taken away. */
export const terminals: readonly ((random: Random) => Call[])[] = [
  (random) => [openat(AT_FDCWD, random.pick(['/ptmx', '/ptmx', '/pts/ptmx', '/tty']), anyAccess(random))],
  (random) => [openat(AT_FDCWD, random.pick(['/pts/0', '/pts/1', '/tty', '/pts/7']), anyAccess(random))],
  (random) => pair(random),
  (random) => pair(random),
  (random) => [...pair(random), setsid(), ioctl(anyDescriptor(random), TIOCSCTTY, 0)],
  (random) => [ioctl(anyDescriptor(random), TIOCSPTLCK, random.pick([number(0), number(0), number(1), 0]))],
  (random) => [ioctl(anyDescriptor(random), TIOCGPTPEER, peerAccess(random))],
  (random) => [ioctl(anyDescriptor(random), TIOCSCTTY, random.pick([0, 0, 1]))],
  (random) => [ioctl(anyDescriptor(random), TIOCNOTTY)],
  (random) => [ioctl(anyDescriptor(random), TIOCSPGRP, number(random.pick([1, 1, 0, -1, 4000])))],
  (random) => [
    ioctl(
      anyDescriptor(random),
      random.pick([TIOCGPTN, TIOCGSID, TIOCGPGRP, TIOCGWINSZ, TIOCSWINSZ, TCGETS]),
      new Uint8Array(64),
    ),
  ],
  (random) => [fchownat(anyDescriptor(random), '', random.pick([0, 1000]), -1, AT_EMPTY_PATH)],
  (random) => [close(anyDescriptor(random))],
  (random) => [dup3(anyDescriptor(random), random.pick([3, 5, 8]), random.pick([0, O_CLOEXEC]))],
  () => [setsid()],
];

function pair(random: Random): Call[] {
  const master = openat(AT_FDCWD, '/ptmx', O_RDWR | O_NOCTTY);
  return [master, ioctl(master, TIOCSPTLCK, number(0)), ioctl(master, TIOCGPTPEER, peerAccess(random))];
}
