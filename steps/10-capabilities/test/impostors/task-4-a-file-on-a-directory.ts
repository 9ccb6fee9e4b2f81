// Everything is covered with /dev/null, directories as well.
return [
  ...readOnly.flatMap(({ path }) => [
    mount(path, path, null, MS_BIND | MS_REC),
    mount(null, path, null, MS_REMOUNT | MS_BIND | MS_RDONLY | SAFE),
  ]),
  ...masked.map(({ path }) => mount('/dev/null', path, null, MS_BIND)),
];
