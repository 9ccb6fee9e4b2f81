// One ".." leads one directory up: the root of the machine may be many above.
return [
  chdir('/'),
  tolerate(mkdir('/tmp/below', 0o700), 'EEXIST'),
  chroot('/tmp/below'),
  chdir('..'),
  chroot('.'),
];
