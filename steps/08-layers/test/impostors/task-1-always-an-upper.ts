// A read-only overlay gets an upper directory, too: there is none of that name.
const context = fsopen('overlay', FSOPEN_CLOEXEC);
return [
  context,
  ...lowers.flatMap((lower) => option(context, 'lowerdir+', lower)),
  ...option(context, 'upperdir', upper ?? '/upper'),
  ...option(context, 'workdir', work ?? '/work'),
  fsconfigCreate(context),
  fsmount(context, FSMOUNT_CLOEXEC),
];
