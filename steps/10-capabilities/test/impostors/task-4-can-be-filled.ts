// The filesystems that cover directories can be written.
return [
  ...readOnly.flatMap(({ path }) => [
    mount(path, path, null, MS_BIND | MS_REC),
    mount(null, path, null, MS_REMOUNT | MS_BIND | MS_RDONLY | SAFE),
  ]),
  ...masked.map(({ path, isDirectory }) => (isDirectory ? mount('tmpfs', path, 'tmpfs', SAFE, 'nr_blocks=1,nr_inodes=1') : mount('/dev/null', path, null, MS_BIND))),
];
