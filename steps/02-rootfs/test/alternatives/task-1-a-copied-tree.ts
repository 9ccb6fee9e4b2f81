// The mount is made by the newer calls: a copy of the tree, which is then attached.
import { AT_RECURSIVE, moveMount, MOVE_MOUNT_F_EMPTY_PATH, OPEN_TREE_CLONE, OPEN_TREE_CLOEXEC, openTree } from 'shared-native';
const hostRoot = openat(AT_FDCWD, '/', O_PATH | O_DIRECTORY | O_CLOEXEC);
const tree = openTree(AT_FDCWD, rootfs, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);
return {
  setup: [tree, moveMount(tree, '', AT_FDCWD, rootfs, MOVE_MOUNT_F_EMPTY_PATH)],
  enter: [hostRoot, chdir(rootfs), pivotRoot('.', '.'), fchdir(hostRoot)],
  leave: [umount2('.', MNT_DETACH), chdir('/')],
};
