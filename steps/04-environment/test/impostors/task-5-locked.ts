// The lock stays shut: opening the other end fails with EIO.
const master = openat(AT_FDCWD, '/dev/ptmx', OPEN);
const slave = ioctl(master, TIOCGPTPEER, OPEN);
return {
  master,
  open: [
    master,
    slave,
    ioctl(slave, TIOCSWINSZ, bytesOf(size)),
    fchownat(slave, '', uid, -1, AT_EMPTY_PATH),
    ...console('/dev/pts/0'),
  ],
  stdio: [ioctl(slave, TIOCSCTTY, 0), dup3(slave, 0), dup3(slave, 1), dup3(slave, 2)],
};
