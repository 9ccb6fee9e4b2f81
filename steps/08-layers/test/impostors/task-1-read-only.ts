// The mount is read-only, as those of images are in other runtimes: but this one has an upper directory.
import { MOUNT_ATTR_RDONLY } from 'shared-native';
const context = fsopen('overlay', FSOPEN_CLOEXEC);
return [
  context,
  ...lowers.flatMap((lower) => option(context, 'lowerdir+', lower)),
  ...(upper === undefined ? [] : option(context, 'upperdir', upper)),
  ...(work === undefined ? [] : option(context, 'workdir', work)),
  fsconfigCreate(context),
  fsmount(context, FSMOUNT_CLOEXEC, MOUNT_ATTR_RDONLY),
];
