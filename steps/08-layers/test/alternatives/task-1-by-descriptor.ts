// Each directory is opened, and given by its descriptor (Linux 6.13): no path is too long for that.
import { AT_FDCWD, fsconfigSetFd, O_CLOEXEC, O_DIRECTORY, O_PATH, openat } from 'shared-native';
const context = fsopen('overlay', FSOPEN_CLOEXEC);
const given = (key: string, path: string) => {
  const directory = openat(AT_FDCWD, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
  return [directory, fsconfigSetFd(context, key, directory)];
};
const own = [['upperdir', upper], ['workdir', work]].flatMap(([key, path]) => (path ? given(key as string, path) : []));
return [context, ...own, ...lowers.flatMap((lower) => given('lowerdir+', lower)), fsconfigCreate(context), fsmount(context)];
