import {
  AT_EMPTY_PATH,
  AT_FDCWD,
  AT_RECURSIVE,
  type Call,
  close,
  type Fd,
  MOUNT_ATTR_RDONLY,
  MS_PRIVATE,
  MS_SHARED,
  MS_SLAVE,
  mountSetattr,
  O_CLOEXEC,
  O_PATH,
  OPEN_TREE_CLOEXEC,
  OPEN_TREE_CLONE,
  openat2,
  openTree,
  RESOLVE_BENEATH,
  RESOLVE_NO_MAGICLINKS,
  RESOLVE_NO_SYMLINKS,
} from 'shared-native';
import type { Bind } from './mount.ts';

/** Mounts that are attached nowhere yet, so that nobody can see or change them. */
export interface Tree {
  /** The call that opens it. */
  readonly tree: Call;
  /** All the calls that make it, including that one. */
  readonly calls: readonly Call[];
}

/** How the files of one place will appear at another. */
export type Manner = Pick<Bind, 'readOnly' | 'readOnlyBelow' | 'recursive' | 'propagation'>;

// #region read-only to the bottom
/**
 * Copies the mount at a place, as a tree that is attached nowhere, and sets its properties while nobody can use it.
 *
 * `recursive` copies the mounts below it, too. `readOnly` means that no file can be changed through it. With `readOnlyBelow`
 * the same goes for the mounts below it; otherwise those stay as they are. `propagation` is one of:
 *
 * - `rprivate`: later mounts on one side don't appear on the other. `private`: the same, but mounts below it are slaves.
 * - `slave`, `rslave`: the host's later mounts appear in the container, but not the other way round; for the whole tree.
 * - `shared`: later mounts on each side appear on the other, if the host's mount is shared. `rshared`: mounts below it, too.
 *
 * @param place - its descriptor, or the call that opens it, so that the copy is of what was opened, whatever has its name now
 * @returns the call that opens the tree (close-on-exec), and all calls in order, including that one
 * @see {@link https://man7.org/linux/man-pages/man2/mount_setattr.2.html | mount_setattr(2)}
 */
export function copyOf(place: Fd, { readOnly, readOnlyBelow, recursive, propagation }: Manner): Tree {
  // #region task 3: read-only to the bottom
  const top = AT_EMPTY_PATH;
  const all = AT_EMPTY_PATH | AT_RECURSIVE;
  const tree = openTree(place, '', OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | (recursive ? all : top));
  const reaches = {
    private: [
      mountSetattr(tree, '', all, { propagation: MS_SLAVE }),
      mountSetattr(tree, '', top, { propagation: MS_PRIVATE }),
    ],
    rprivate: [mountSetattr(tree, '', all, { propagation: MS_PRIVATE })],
    slave: [mountSetattr(tree, '', all, { propagation: MS_SLAVE })],
    rslave: [mountSetattr(tree, '', all, { propagation: MS_SLAVE })],
    shared: [mountSetattr(tree, '', top, { propagation: MS_SHARED })],
    rshared: [mountSetattr(tree, '', all, { propagation: MS_SHARED })],
  }[propagation];
  const sealed = readOnly ? [mountSetattr(tree, '', readOnlyBelow ? all : top, { attr_set: MOUNT_ATTR_RDONLY })] : [];
  return { tree, calls: [tree, ...reaches, ...sealed] };
  // #endregion
}
// #endregion

// #region a place of the host's
/**
 * Opens the source: a path on the host. Its links were followed when the command line was read, so none is followed now. If
 * somebody has put a link there since then, it is refused (ELOOP).
 *
 * @param below - a path in it, for a part of a volume. Containers write there, so no link may lead out of it
 */
export function sourceAt(path: string, below = ''): { place: Call; calls: Call[] } {
  const whole = openat2(AT_FDCWD, path, { flags: O_PATH | O_CLOEXEC, resolve: RESOLVE_NO_SYMLINKS });
  if (below === '') return { place: whole, calls: [whole] };
  const resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  const place = openat2(whole, below, { flags: O_PATH | O_CLOEXEC, resolve });
  return { place, calls: [whole, place, close(whole)] };
}
// #endregion

/** The tree of a path on the host. */
export function treeAt(path: string, manner: Manner, below = ''): Tree {
  const { place, calls } = sourceAt(path, below);
  const copy = copyOf(place, manner);
  return { tree: copy.tree, calls: [...calls, ...copy.calls, close(place)] };
}
