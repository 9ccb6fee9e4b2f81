// The work directory is left out: the kernel has nowhere to prepare a copy.
const context = fsopen('overlay', FSOPEN_CLOEXEC);
return [
  context,
  ...lowers.flatMap((lower) => option(context, 'lowerdir+', lower)),
  ...(upper === undefined ? [] : option(context, 'upperdir', upper)),
  fsconfigCreate(context),
  fsmount(context, FSMOUNT_CLOEXEC),
];
