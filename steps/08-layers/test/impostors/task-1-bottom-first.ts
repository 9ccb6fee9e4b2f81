// The lowest comes first, as layers stand in a manifest: then the oldest file of a name is seen.
const context = fsopen('overlay', FSOPEN_CLOEXEC);
return [
  context,
  ...lowers.toReversed().flatMap((lower) => option(context, 'lowerdir+', lower)),
  ...(upper === undefined ? [] : option(context, 'upperdir', upper)),
  ...(work === undefined ? [] : option(context, 'workdir', work)),
  fsconfigCreate(context),
  fsmount(context, FSMOUNT_CLOEXEC),
];
