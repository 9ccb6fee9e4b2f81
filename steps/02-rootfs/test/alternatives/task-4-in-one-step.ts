// All the way up in one path.
return [
  chdir('/'),
  tolerate(mkdir('tmp/way-out', 0o755), 'EEXIST'),
  chroot('tmp/way-out'),
  chdir(Array.from({ length: 100 }, () => '..').join('/')),
  chroot('.'),
];
