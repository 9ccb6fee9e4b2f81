// The size is set on the master, the owner by path, and the lock opened last before the other end.
import { chown } from 'shared-native';
const master = openat(AT_FDCWD, '/dev/pts/ptmx', OPEN);
const slave = ioctl(master, TIOCGPTPEER, OPEN);
return {
  master,
  open: [
    master,
    ioctl(master, TIOCSWINSZ, bytesOf(size)),
    chown('/dev/pts/0', uid, -1),
    ...console('/dev/pts/0'),
    ioctl(master, TIOCSPTLCK, new Uint8Array(4)),
    slave,
  ],
  stdio: [dup3(slave, 2), dup3(slave, 1), dup3(slave, 0), ioctl(0, TIOCSCTTY, 0)],
};
