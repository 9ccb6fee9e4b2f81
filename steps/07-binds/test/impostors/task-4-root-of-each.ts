// Each name is opened in the directory above: a link that begins with a slash leads below that, not below the root.
const names = path.split('/').filter(Boolean);
const calls: Call[] = [];
let above = root;
for (const [index, name] of names.entries()) {
  const isFile = kind === 'file' && index === names.length - 1;
  const make = isFile ? mknodat(above, name, S_IFREG | 0o755) : mkdirat(above, name, 0o755);
  const flags = O_PATH | O_CLOEXEC | (isFile ? 0 : O_DIRECTORY);
  const resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
  const here = openat2(above, name, { flags, resolve });
  calls.push(tolerate(make, 'EEXIST'), ...(above === root ? [] : [close(above)]), here);
  above = here;
}
return calls;
