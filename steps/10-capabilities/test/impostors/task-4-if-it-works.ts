// A mount that fails is passed over.
import { tolerate } from 'shared-native';
return [
  ...readOnly.flatMap(({ path }) => [
    tolerate(mount(path, path, null, MS_BIND | MS_REC), 'any'),
    tolerate(mount(null, path, null, MS_REMOUNT | MS_BIND | MS_RDONLY | SAFE), 'any'),
  ]),
  ...masked.map(({ path, isDirectory }) => (isDirectory ? mount('tmpfs', path, 'tmpfs', MS_RDONLY, 'nr_blocks=1,nr_inodes=1') : mount('/dev/null', path, null, MS_BIND))),
];
