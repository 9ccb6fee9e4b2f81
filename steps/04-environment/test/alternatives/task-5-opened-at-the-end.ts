// The other end is opened without O_NOCTTY when the session is there, which makes it the session's terminal.
import { chmod, chown } from 'shared-native';
const master = openat(AT_FDCWD, '/dev/ptmx', OPEN);
const slave = openat(AT_FDCWD, '/dev/pts/0', O_RDWR);
return {
  master,
  open: [
    master,
    ioctl(master, TIOCSPTLCK, new Uint8Array(4)),
    ioctl(master, TIOCSWINSZ, bytesOf(size)),
    chown('/dev/pts/0', uid, -1),
    chmod('/dev/pts/0', 0o620),
    ...console('/dev/pts/0'),
  ],
  stdio: [slave, dup3(slave, 0), dup3(slave, 1), dup3(slave, 2)],
};
