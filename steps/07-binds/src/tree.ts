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

/** Mounts that are attached nowhere yet: nobody can see them, or be seen changing them. */
export interface Tree {
  /** The call that opens it. */
  readonly tree: Call;
  /** All that make it ready, that one among them. */
  readonly calls: readonly Call[];
}

/** How the files of one place are to be seen at another. */
export type Manner = Pick<Bind, 'readOnly' | 'readOnlyBelow' | 'recursive' | 'propagation'>;

// #region read-only to the bottom
/**
 * Copies the mount at a place, as a tree that is attached nowhere, and makes it what it is to be while nobody can use it.
 *
 * `recursive`: with the mounts below it. `readOnly`: no file can be changed through it; with `readOnlyBelow` nor through a
 * mount below it, and without, those stay as they are. What `propagation` means, with an `r` for the mounts below as well:
 *
 * - `rprivate`: nothing that is mounted later, on either side, is seen on the other. `private`: the mounts below are slaves.
 * - `slave`, `rslave`: what the host mounts in it later is seen in the container, and not the other way round; for all of it.
 * - `shared`: what either mounts is seen by the other, where it is so on the host. `rshared`: the mounts below as well.
 *
 * @param place - its descriptor, or the call that opens that: so what is copied is what was opened, not what has its name now
 * @returns the call that opens the tree (close-on-exec), and all calls in order, that one among them
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
 * Takes hold of what is mounted: a path of the host's, in which links were followed when the command was read, so none is
 * followed now. What somebody has put in its place since then is refused (ELOOP).
 *
 * @param below - a path within, for a part of a volume: containers write there, so no link leads out of it
 */
export function sourceAt(path: string, below = ''): { place: Call; calls: Call[] } {
  const whole = openat2(AT_FDCWD, path, { flags: O_PATH | O_CLOEXEC, resolve: RESOLVE_NO_SYMLINKS });
  if (below === '') return { place: whole, calls: [whole] };
  const resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  const place = openat2(whole, below, { flags: O_PATH | O_CLOEXEC, resolve });
  return { place, calls: [whole, place, close(whole)] };
}
// #endregion

/** The tree of a path of the host's. */
export function treeAt(path: string, manner: Manner, below = ''): Tree {
  const { place, calls } = sourceAt(path, below);
  const copy = copyOf(place, manner);
  return { tree: copy.tree, calls: [...calls, ...copy.calls, close(place)] };
}
