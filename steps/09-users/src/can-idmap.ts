import {
  AT_EMPTY_PATH,
  AT_FDCWD,
  close,
  MOUNT_ATTR_IDMAP,
  mountSetattr,
  OPEN_TREE_CLOEXEC,
  OPEN_TREE_CLONE,
  openTree,
  perform,
  tolerate,
} from 'shared-native';

/** Can a mount show a directory by other owners? It is tried, on a copy that is attached nowhere. */
export function canIdmap(directory: string, userns: number): boolean {
  const tree = perform(tolerate(openTree(AT_FDCWD, directory, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC), 'any'));
  if (tree < 0) return false;
  const attributes = { attr_set: MOUNT_ATTR_IDMAP, userns_fd: userns };
  const answer = perform(tolerate(mountSetattr(tree, '', AT_EMPTY_PATH, attributes), 'any'));
  perform(close(tree));
  return answer === 0;
}
