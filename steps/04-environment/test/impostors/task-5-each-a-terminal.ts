// Each use makes the call anew: the lock is opened of one terminal, and another one is used.
const master = () => openat(AT_FDCWD, '/dev/ptmx', OPEN);
const slave = () => ioctl(master(), TIOCGPTPEER, OPEN);
const first = master();
return {
  master: first,
  open: [
    first,
    ioctl(master(), TIOCSPTLCK, new Uint8Array(4)),
    slave(),
    ioctl(slave(), TIOCSWINSZ, bytesOf(size)),
    fchownat(slave(), '', uid, -1, AT_EMPTY_PATH),
    ...console('/dev/pts/0'),
  ],
  stdio: [ioctl(slave(), TIOCSCTTY, 0), dup3(slave(), 0), dup3(slave(), 1), dup3(slave(), 2)],
};
