// Binds and filesystems are sealed by mount_setattr, which leaves their other flags as they are.
import { AT_FDCWD, MOUNT_ATTR_RDONLY, mountSetattr } from 'shared-native';
const seal = (path: string) => mountSetattr(AT_FDCWD, path, 0, { attr_set: MOUNT_ATTR_RDONLY });
return [
  ...readOnly.map(({ path }) => mount(path, path, '', MS_BIND | MS_REC)),
  ...readOnly.map(({ path }) => seal(path)),
  ...masked.flatMap(({ path, isDirectory }) =>
    isDirectory ? [mount('tmpfs', path, 'tmpfs', 0), seal(path)] : [mount('/dev/null', path, '', MS_BIND)],
  ),
];
