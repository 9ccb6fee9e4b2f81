// Any error of mkdir is fine, and it starts in the directory above the one that it makes.
return [
  chdir('/tmp'),
  tolerate(mkdir('x', 0o700), 'any'),
  chroot('x'),
  ...Array.from({ length: 40 }, () => chdir('../..')),
  chroot('.'),
];
