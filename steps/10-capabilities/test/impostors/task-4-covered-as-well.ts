// What is to be read-only is covered, and can't be read either.
return [...masked, ...readOnly].map(({ path, isDirectory }) =>
  isDirectory ? mount('tmpfs', path, 'tmpfs', MS_RDONLY | SAFE) : mount('/dev/null', path, null, MS_BIND),
);
