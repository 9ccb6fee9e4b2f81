// Columns and rows are swapped: 80 lines of 24 characters.
const master = openat(AT_FDCWD, '/dev/ptmx', OPEN);
const slave = ioctl(master, TIOCGPTPEER, OPEN);
const winsize = new Uint16Array([size.columns, size.rows, 0, 0]);
return {
  master,
  open: [
    master,
    ioctl(master, TIOCSPTLCK, new Uint8Array(4)),
    slave,
    ioctl(slave, TIOCSWINSZ, new Uint8Array(winsize.buffer)),
    fchownat(slave, '', uid, -1, AT_EMPTY_PATH),
    ...console('/dev/pts/0'),
  ],
  stdio: [ioctl(slave, TIOCSCTTY, 0), dup3(slave, 0), dup3(slave, 1), dup3(slave, 2)],
};
