// The working directory is the new root itself, and from there ".." leads nowhere.
return [
  tolerate(mkdir('/tmp/below', 0o700), 'EEXIST'),
  chdir('/tmp/below'),
  chroot('.'),
  ...Array.from({ length: 32 }, () => chdir('..')),
  chroot('.'),
];
