// openat follows every link, those of /proc as well.
const names = path.split('/').filter(Boolean);
const calls: Call[] = [];
let above = root;
for (const [index, name] of names.entries()) {
  const isFile = kind === 'file' && index === names.length - 1;
  const make = isFile ? mknodat(above, name, S_IFREG | 0o755) : mkdirat(above, name, 0o755);
  const flags = O_PATH | O_CLOEXEC | (isFile ? 0 : O_DIRECTORY);
  const here = openat(root, names.slice(0, index + 1).join('/'), flags);
  calls.push(tolerate(make, 'EEXIST'), ...(above === root ? [] : [close(above)]), here);
  above = here;
}
void [openat2, RESOLVE_IN_ROOT, RESOLVE_NO_MAGICLINKS];
return calls;
