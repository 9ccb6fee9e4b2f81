// It works once: the second time the directory is there, and mkdir fails.
return [
  chdir('/'),
  mkdir('/tmp/below', 0o700),
  chroot('/tmp/below'),
  ...Array.from({ length: 32 }, () => chdir('..')),
  chroot('.'),
];
