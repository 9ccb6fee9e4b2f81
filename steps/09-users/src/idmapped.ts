import {
  AT_EMPTY_PATH,
  AT_FDCWD,
  type Call,
  CLONE_NEWNS,
  close,
  MOUNT_ATTR_IDMAP,
  MOVE_MOUNT_F_EMPTY_PATH,
  MS_PRIVATE,
  MS_REC,
  mount,
  mountSetattr,
  moveMount,
  OPEN_TREE_CLOEXEC,
  OPEN_TREE_CLONE,
  openTree,
  unshare,
} from 'shared-native';

/** A directory, and where it is to be seen by other owners. */
export interface Laid {
  readonly directory: string;
  readonly at: string;
}

// #region the same files, by other owners
/**
 * Mounts directories so that their files have other owners: what is root's belongs to the container's root there. On disk
 * nothing changes, so any number of containers share a layer, each with owners of its own.
 *
 * Only root of the user namespace that the filesystem belongs to may do that, and that is the host's. So it is done by the
 * process that goes before, in a mount namespace of its own, and the container is born into a copy of that.
 *
 * @param userns - the descriptor of a user namespace with the container's maps
 * @see {@link https://man7.org/linux/man-pages/man2/mount_setattr.2.html | mount_setattr(2), "ID-mapped mounts"}
 */
export function idmapped(all: readonly Laid[], userns: number): Call[] {
  return [
    unshare(CLONE_NEWNS),
    mount(null, '/', null, MS_REC | MS_PRIVATE),
    ...all.flatMap(({ directory, at }) => {
      const tree = openTree(AT_FDCWD, directory, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
      return [
        tree,
        mountSetattr(tree, '', AT_EMPTY_PATH, { attr_set: MOUNT_ATTR_IDMAP, userns_fd: userns }),
        moveMount(tree, '', AT_FDCWD, at, MOVE_MOUNT_F_EMPTY_PATH),
        close(tree),
      ];
    }),
  ];
}
// #endregion
