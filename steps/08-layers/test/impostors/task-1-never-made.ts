// The options are set, but the filesystem isn't made of them.
const context = fsopen('overlay', FSOPEN_CLOEXEC);
return [
  context,
  ...lowers.flatMap((lower) => option(context, 'lowerdir+', lower)),
  ...(upper === undefined ? [] : option(context, 'upperdir', upper)),
  ...(work === undefined ? [] : option(context, 'workdir', work)),
  fsmount(context, FSMOUNT_CLOEXEC),
];
