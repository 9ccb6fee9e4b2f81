// The topmost lower directory is written to: two containers of one image would see each other's files.
const context = fsopen('overlay', FSOPEN_CLOEXEC);
const [top = '', ...others] = lowers;
return [
  context,
  ...[...others, ...(upper === undefined ? [top] : [upper])].flatMap((lower) => option(context, 'lowerdir+', lower)),
  ...(upper === undefined ? [] : option(context, 'upperdir', top)),
  ...(work === undefined ? [] : option(context, 'workdir', work)),
  fsconfigCreate(context),
  fsmount(context, FSMOUNT_CLOEXEC),
];
