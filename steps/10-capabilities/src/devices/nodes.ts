import { posix } from 'node:path';
import {
  AT_FDCWD,
  AT_SYMLINK_NOFOLLOW,
  type Call,
  close,
  type Fd,
  fchownat,
  makedev,
  mknodat,
  O_CLOEXEC,
  O_NOFOLLOW,
  O_PATH,
  OPEN_TREE_CLOEXEC,
  OPEN_TREE_CLONE,
  openat,
  openTree,
  S_IFBLK,
  S_IFCHR,
  S_IFREG,
  tolerate,
} from 'shared-native';
import { attach, mkdirs, openRoot, resolveInside } from 'step-09';
import type { Device } from './device.ts';

// #region a device of the host's
/**
 * Makes a node of each device, in the stage `inside`; or, where no node may be made, binds the host's own there.
 *
 * @param bound - is the container in a user namespace? Whatever its capabilities, mknod of a device is EPERM there
 */
export function deviceNodes(devices: readonly Device[], rootfs: string, bound: boolean): Call[] {
  const byDirectory = Map.groupBy(devices, ({ path }) => posix.dirname(path));
  return [...byDirectory].flatMap(([path, all]) => {
    const above = path === '/' ? [openRoot()] : mkdirs(directoryIn(rootfs, path));
    const directory = above.at(-1) as Call;
    return [...above, ...all.flatMap((device) => (bound ? bind : make)(device, directory)), close(directory)];
  });
}

/** A node as the host's: its numbers, its mode, its owner. */
function make({ path, type, major, minor, mode, uid, gid }: Device, directory: Fd): Call[] {
  const name = posix.basename(path);
  const node = mknodat(directory, name, (type === 'b' ? S_IFBLK : S_IFCHR) | mode, makedev(major, minor));
  const isRoots = uid === 0 && gid === 0;
  return [tolerate(node, 'EEXIST'), ...(isRoots ? [] : [fchownat(directory, name, uid, gid, AT_SYMLINK_NOFOLLOW)])];
}

/** The working directory is the host's root still, and so is where a relative path starts. */
function bind({ path, source }: Device, directory: Fd): Call[] {
  const name = posix.basename(path);
  const tree = openTree(AT_FDCWD, source.slice(1), OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
  const place = openat(directory, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
  return [tolerate(mknodat(directory, name, S_IFREG | 0o644), 'EEXIST'), tree, place, ...attach(tree, place)];
}
// #endregion

/** What the image has in /dev doesn't count: a filesystem of the container's own covers that. */
function directoryIn(rootfs: string, path: string): string {
  return `${path}/`.startsWith('/dev/') ? path : resolveInside(rootfs, path);
}
