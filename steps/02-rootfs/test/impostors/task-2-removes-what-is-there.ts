// What is in the way is removed: the image may be somebody's directory, and the link in it meant.
import { unlink } from 'shared-native';
return [
  tolerate(unlink(path), 'any'),
  tolerate(mkdir(path, mode), 'EEXIST'),
  openat(AT_FDCWD, path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC),
];
