// What is mounted below, such as binfmt_misc, is gone.
return [
  ...readOnly.flatMap(({ path }) => [
    mount(path, path, null, MS_BIND),
    mount(null, path, null, MS_REMOUNT | MS_BIND | MS_RDONLY | SAFE),
  ]),
  ...masked.map(({ path, isDirectory }) => (isDirectory ? mount('tmpfs', path, 'tmpfs', MS_RDONLY, 'nr_blocks=1,nr_inodes=1') : mount('/dev/null', path, null, MS_BIND))),
];
