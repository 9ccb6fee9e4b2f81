// The paths go to fsconfig as they are, however long.
const context = fsopen('overlay', FSOPEN_CLOEXEC);
return [
  context,
  ...lowers.map((lower) => fsconfigSetString(context, 'lowerdir+', lower)),
  ...(upper === undefined ? [] : [fsconfigSetString(context, 'upperdir', upper)]),
  ...(work === undefined ? [] : [fsconfigSetString(context, 'workdir', work)]),
  fsconfigCreate(context),
  fsmount(context, FSMOUNT_CLOEXEC),
];
