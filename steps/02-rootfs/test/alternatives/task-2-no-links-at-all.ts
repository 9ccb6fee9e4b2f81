// openat2 follows no link anywhere on the way.
import { openat2, RESOLVE_NO_SYMLINKS } from 'shared-native';
return [
  tolerate(mkdir(path, mode), 'EEXIST'),
  openat2(AT_FDCWD, path, { flags: O_PATH | O_DIRECTORY | O_CLOEXEC, resolve: RESOLVE_NO_SYMLINKS }),
];
