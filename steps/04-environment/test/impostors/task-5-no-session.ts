// Without TIOCSCTTY it is nobody's controlling terminal: Ctrl-C does nothing, and the shell has no job control.
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
  stdio: [dup3(slave, 0), dup3(slave, 1), dup3(slave, 2)],
};
