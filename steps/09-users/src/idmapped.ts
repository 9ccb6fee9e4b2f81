import {
  AT_EMPTY_PATH,
  AT_FDCWD,
  type Call,
  close,
  MOUNT_ATTR_IDMAP,
  MOVE_MOUNT_F_EMPTY_PATH,
  mountSetattr,
  moveMount,
  OPEN_TREE_CLOEXEC,
  OPEN_TREE_CLONE,
  openTree,
} from 'shared-native';

/** A directory, and where it is to be seen by other owners. */
export interface Laid {
  readonly directory: string;
  readonly at: string;
}

// #region the same files, by other owners
/**
 * Mounts a directory so that its files have other owners: root's files appear as the container root's. On disk nothing
 * changes, so any number of containers can share a layer, each with its own owners.
 *
 * Only root in the user namespace that the filesystem belongs to may do that, and that is the host's. So the helper process
 * does it, in a new mount namespace, and the container is born into a copy of that.
 *
 * @param userns - the descriptor of a user namespace with the container's maps
 * @see {@link https://man7.org/linux/man-pages/man2/mount_setattr.2.html | mount_setattr(2), "ID-mapped mounts"}
 */
export function idmapped({ directory, at }: Laid, userns: number): Call[] {
  const tree = openTree(AT_FDCWD, directory, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
  return [
    tree,
    mountSetattr(tree, '', AT_EMPTY_PATH, { attr_set: MOUNT_ATTR_IDMAP, userns_fd: userns }),
    moveMount(tree, '', AT_FDCWD, at, MOVE_MOUNT_F_EMPTY_PATH),
    close(tree),
  ];
}
// #endregion
