// The device's mount is copied first, and then moved to its place.
import { MOVE_MOUNT_F_EMPTY_PATH, moveMount, OPEN_TREE_CLOEXEC, OPEN_TREE_CLONE, openTree } from 'shared-native';
const tree = openTree(AT_FDCWD, path.slice(1), OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
const place = openat(AT_FDCWD, target, O_RDONLY | O_CREAT | O_CLOEXEC, 0o666);
return [tree, place, moveMount(tree, '', AT_FDCWD, target, MOVE_MOUNT_F_EMPTY_PATH), close(tree), close(place)];
