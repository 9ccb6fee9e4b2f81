// No chroot at the end: the working directory is outside, and every absolute path still in /tmp/below.
return [
  chdir('/'),
  tolerate(mkdir('/tmp/below', 0o700), 'EEXIST'),
  chroot('/tmp/below'),
  ...Array.from({ length: 32 }, () => chdir('..')),
];
