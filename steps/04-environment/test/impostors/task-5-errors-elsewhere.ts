// Standard error stays where it was: the prompt of sh, and every error, goes to the caller's.
const master = openat(AT_FDCWD, '/dev/ptmx', OPEN);
const slave = ioctl(master, TIOCGPTPEER, OPEN);
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
  stdio: [ioctl(slave, TIOCSCTTY, 0), dup3(slave, 0), dup3(slave, 1)],
};
