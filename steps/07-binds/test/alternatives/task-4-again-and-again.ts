// A function that calls itself, name by name.
const all = path.split('/').filter(Boolean);
const down = (above: Call, done: readonly string[], rest: readonly string[]): Call[] => {
  const [name, ...more] = rest;
  if (name === undefined) return [];
  const walked = [...done, name];
  const isLast = more.length === 0;
  const file = isLast && kind === 'file';
  const here = openat2(root, walked.join('/'), {
    flags: file ? O_CLOEXEC | O_PATH : O_CLOEXEC | O_PATH | O_DIRECTORY,
    resolve: RESOLVE_NO_MAGICLINKS | RESOLVE_IN_ROOT,
  });
  const made = file ? mknodat(above, name, 0o755 | S_IFREG) : mkdirat(above, name, 0o755);
  return [tolerate(made, 'EEXIST'), ...(done.length > 0 ? [close(above)] : []), here, ...down(here, walked, more)];
};
return down(root, [], all);
