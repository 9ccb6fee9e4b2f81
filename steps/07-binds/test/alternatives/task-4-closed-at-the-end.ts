// What was opened on the way is closed before the last is opened.
const names = path.split('/').filter((name) => name !== '');
const resolve = RESOLVE_NO_MAGICLINKS | RESOLVE_IN_ROOT;
const look = (many: number, flags: number) =>
  openat2(root, `/${names.slice(0, many).join('/')}`, { flags: flags | O_PATH | O_CLOEXEC, resolve });
const directories = names.slice(0, -1).map((_, nth) => look(nth + 1, O_DIRECTORY));
const last = names.at(-1) ?? '.';
const above = directories.at(-1) ?? root;
return [
  ...directories.flatMap((open, nth) => [
    tolerate(mkdirat(directories[nth - 1] ?? root, names[nth] as string, 0o755), 'EEXIST'),
    open,
  ]),
  tolerate(kind === 'file' ? mknodat(above, last, S_IFREG | 0o755) : mkdirat(above, last, 0o755), 'EEXIST'),
  ...directories.toReversed().map((open) => close(open)),
  look(names.length, kind === 'file' ? 0 : O_DIRECTORY),
];
