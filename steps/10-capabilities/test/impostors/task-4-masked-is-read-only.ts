// What isn't to be seen is only made read-only.
return [...masked, ...readOnly].flatMap(({ path }) => [
  mount(path, path, null, MS_BIND | MS_REC),
  mount(null, path, null, MS_REMOUNT | MS_BIND | MS_RDONLY | SAFE),
]);
