// All in one option with colons, as mount(8) takes them: 255 bytes is little, and a path may hold a colon.
const context = fsopen('overlay', FSOPEN_CLOEXEC);
return [
  context,
  ...option(context, 'lowerdir', lowers.join(':')),
  ...(upper === undefined ? [] : option(context, 'upperdir', upper)),
  ...(work === undefined ? [] : option(context, 'workdir', work)),
  fsconfigCreate(context),
  fsmount(context, FSMOUNT_CLOEXEC),
];
