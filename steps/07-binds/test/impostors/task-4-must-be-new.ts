// What is there already is an error.
const names = path.split('/').filter(Boolean);
const calls: Call[] = [];
let above = root;
for (const [index, name] of names.entries()) {
  const isFile = kind === 'file' && index === names.length - 1;
  const make = isFile ? mknodat(above, name, S_IFREG | 0o755) : mkdirat(above, name, 0o755);
  const flags = O_PATH | O_CLOEXEC | (isFile ? 0 : O_DIRECTORY);
  const resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
  const here = openat2(root, names.slice(0, index + 1).join('/'), { flags, resolve });
  calls.push(make, ...(above === root ? [] : [close(above)]), here);
  above = here;
}
void tolerate;
return calls;
