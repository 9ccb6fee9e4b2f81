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
 * Mounts a directory so that its files have other owners: what is root's belongs to the container's root there. On disk
 * nothing changes, so any number of containers share a layer, each with owners of its own.
 *
 * Only root of the user namespace that the filesystem belongs to may do that, and that is the host's. So it is done by the
 * process that goes before, in a mount namespace of its own, and the container is born into a copy of that.
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
