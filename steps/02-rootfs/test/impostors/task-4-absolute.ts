// chdir("/") at the end in place of "..": that leads to the new root, and not to the machine's.
return [
  chdir('/'),
  tolerate(mkdir('/tmp/below', 0o700), 'EEXIST'),
  chroot('/tmp/below'),
  ...Array.from({ length: 32 }, () => chdir('/..')),
  chroot('.'),
];
