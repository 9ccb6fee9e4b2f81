// The working directory goes along into the second chroot, so ".." ends at its root.
return [
  chdir('/'),
  tolerate(mkdir('/tmp/below', 0o700), 'EEXIST'),
  chroot('/tmp/below'),
  chdir('/'),
  ...Array.from({ length: 32 }, () => chdir('..')),
  chroot('.'),
];
