// Trees that are taken, changed, and attached again.
import {
  AT_EMPTY_PATH,
  AT_FDCWD,
  AT_RECURSIVE,
  close,
  MOUNT_ATTR_RDONLY,
  MOVE_MOUNT_F_EMPTY_PATH,
  mountSetattr,
  moveMount,
  OPEN_TREE_CLOEXEC,
  OPEN_TREE_CLONE,
  openTree,
} from 'shared-native';
const attached = (from: string, to: string, isReadOnly: boolean): Call[] => {
  const tree = openTree(AT_FDCWD, from, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);
  const sealed = isReadOnly ? [mountSetattr(tree, '', AT_EMPTY_PATH, { attr_set: MOUNT_ATTR_RDONLY })] : [];
  return [tree, ...sealed, moveMount(tree, '', AT_FDCWD, to, MOVE_MOUNT_F_EMPTY_PATH), close(tree)];
};
return [
  ...masked.flatMap(({ path, isDirectory }) =>
    isDirectory ? [mount('none', path, 'tmpfs', MS_RDONLY | MS_NODEV)] : attached('/dev/null', path, false),
  ),
  ...readOnly.flatMap(({ path }) => attached(path, path, true)),
];
