// The old root is stacked by path, without going there first; it is held from setup on, and once more in the end.
import { O_RDONLY } from 'shared-native';
const hostRoot = openat(AT_FDCWD, '/', O_RDONLY | O_DIRECTORY | O_CLOEXEC);
return {
  setup: [mount(rootfs, rootfs, null, MS_BIND | MS_REC), hostRoot],
  enter: [pivotRoot(rootfs, rootfs), fchdir(hostRoot)],
  leave: [fchdir(hostRoot), umount2('.', MNT_DETACH), chdir('/')],
};
