import { statSync } from 'node:fs';
import {
  AT_EMPTY_PATH,
  AT_FDCWD,
  AT_RECURSIVE,
  type Call,
  close,
  FSMOUNT_CLOEXEC,
  FSOPEN_CLOEXEC,
  fsconfigCreate,
  fsconfigSetString,
  fsmount,
  fsopen,
  MOUNT_ATTR_RDONLY,
  MOVE_MOUNT_F_EMPTY_PATH,
  MOVE_MOUNT_T_EMPTY_PATH,
  mountSetattr,
  moveMount,
  O_CLOEXEC,
  O_PATH,
  OPEN_TREE_CLOEXEC,
  OPEN_TREE_CLONE,
  openat2,
  openTree,
  RESOLVE_IN_ROOT,
  RESOLVE_NO_MAGICLINKS,
  tolerate,
} from 'shared-native';
import { cleanPath, resolveInside } from 'step-10';
import type { Mounting, MountsOf } from './mounts.ts';

const CLONE = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC;
const BOTH = MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH;

// #region what isn't to be seen
/**
 * Covers a file with /dev/null, a directory with an empty one. The /dev/null is the host's: the container's may have become a
 * link to anything (CVE-2025-31133). What isn't there needs no cover: then its descriptor is an error, and EBADF is fine.
 */
export function masked(path: string, of: MountsOf): Mounting {
  const place = placeThere(path, of.root);
  if (isDirectory(path, of.rootfs)) {
    const context = fsopen('tmpfs', FSOPEN_CLOEXEC);
    const tree = fsmount(context, FSMOUNT_CLOEXEC, MOUNT_ATTR_RDONLY);
    const small = ['nr_blocks', 'nr_inodes'].map((name) => fsconfigSetString(context, name, '1'));
    const made = [context, ...small, fsconfigCreate(context), tree, close(context)];
    return { join: [], setup: [place, ...made, ...over(tree, place)], last: [] };
  }
  const nothing = openTree(AT_FDCWD, '/dev/null', CLONE);
  return { join: [nothing], setup: [place, ...over(nothing, place)], last: [] };
}
// #endregion

/** Mounts a path on itself, and makes that read-only. */
export function madeReadOnly(path: string, { root }: MountsOf): Mounting {
  const place = placeThere(path, root);
  const tree = tolerate(openTree(place, '', CLONE | AT_EMPTY_PATH | AT_RECURSIVE), 'EBADF');
  const sealed = mountSetattr(tree, '', AT_EMPTY_PATH | AT_RECURSIVE, { attr_set: MOUNT_ATTR_RDONLY });
  return { join: [], setup: [place, tree, tolerate(sealed, 'EBADF'), ...over(tree, place)], last: [] };
}

function placeThere(path: string, root: Call): Call {
  const how = { flags: O_PATH | O_CLOEXEC, resolve: RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS };
  return tolerate(openat2(root, cleanPath(`/${path}`).slice(1), how), 'ENOENT');
}

function over(tree: Call, place: Call): Call[] {
  return [moveMount(tree, '', place, '', BOTH), close(place), close(tree)].map((call) => tolerate(call, 'EBADF'));
}

/** What /proc and /sys have is the same in each of them. */
function isDirectory(path: string, rootfs: string): boolean {
  const clean = cleanPath(path);
  const there = /^\/(proc|sys)\//.test(clean) ? clean : rootfs + resolveInside(rootfs, clean);
  return statSync(there, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
