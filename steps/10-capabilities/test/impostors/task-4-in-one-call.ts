// A bind mount is told to be read-only, and ignores it.
return [
  ...readOnly.flatMap(({ path }) => [mount(path, path, null, MS_BIND | MS_REC | MS_RDONLY | SAFE)]),
  ...masked.map(({ path, isDirectory }) => (isDirectory ? mount('tmpfs', path, 'tmpfs', MS_RDONLY, 'nr_blocks=1,nr_inodes=1') : mount('/dev/null', path, null, MS_BIND))),
];
