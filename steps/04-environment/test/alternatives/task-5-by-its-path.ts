// The other end is opened by its path: the first of a devpts of its own.
const master = openat(AT_FDCWD, '/dev/ptmx', OPEN);
const slave = openat(AT_FDCWD, '/dev/pts/0', OPEN);
return {
  master,
  open: [
    master,
    ioctl(master, TIOCSPTLCK, new Uint8Array(4)),
    slave,
    ioctl(slave, TIOCSWINSZ, bytesOf(size)),
    fchownat(slave, '', uid, -1, AT_EMPTY_PATH),
    ...console('/dev/pts/0'),
  ],
  stdio: [ioctl(slave, TIOCSCTTY, 0), dup3(slave, 0), dup3(slave, 1), dup3(slave, 2)],
};
