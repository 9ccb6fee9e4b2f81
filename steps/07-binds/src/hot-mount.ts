import { posix } from 'node:path';
import {
  AT_FDCWD,
  type Call,
  CLONE_NEWNS,
  exitGroup,
  fchdir,
  MNT_DETACH,
  O_CLOEXEC,
  O_DIRECTORY,
  O_PATH,
  openat,
  openat2,
  PR_SET_DUMPABLE,
  pidfdOpen,
  prctl,
  RESOLVE_IN_ROOT,
  RESOLVE_NO_MAGICLINKS,
  setns,
  UMOUNT_NOFOLLOW,
  umask,
  umount2,
} from 'shared-native';
import type { Running } from 'step-06';
import { attach, type PlaceKind, placeAt } from './place.ts';
import type { Tree } from './tree.ts';

// #region into a container that runs
/**
 * Attaches a tree in a running container. The process copies the tree in the host's mount namespace, and then enters the
 * container's. It isn't dumpable there, so that no process in the container can trace it and get at its descriptors.
 */
export function mountInto(
  container: Pick<Running, 'pid'>,
  { tree, calls }: Tree,
  target: string,
  kind: PlaceKind,
): Call[] {
  const { root, join } = joinMounts(container);
  const place = placeAt(root, target, kind);
  return [
    prctl(PR_SET_DUMPABLE, 0),
    umask(0),
    ...calls,
    ...join,
    ...place,
    ...attach(tree, place.at(-1) as Call),
    exitGroup(0),
  ];
}

/** Unmounts a place in a running container, by its name in a directory that is already open, so that no link leads elsewhere. */
export function umountFrom(container: Pick<Running, 'pid'>, target: string, lazy: boolean): Call[] {
  const { root, join } = joinMounts(container);
  const { dir, base } = posix.parse(target);
  const resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
  const above = openat2(root, `.${dir}`, { flags: O_PATH | O_DIRECTORY | O_CLOEXEC, resolve });
  const away = umount2(base, UMOUNT_NOFOLLOW | (lazy ? MNT_DETACH : 0));
  return [prctl(PR_SET_DUMPABLE, 0), ...join, above, fchdir(above), away, exitGroup(0)];
}

/** Enters a container's mount namespace. The container's root need not be the namespace's: step 1 only uses chroot. */
function joinMounts({ pid }: Pick<Running, 'pid'>): { root: Call; join: Call[] } {
  const process = pidfdOpen(pid);
  const root = openat(AT_FDCWD, `/proc/${pid}/root`, O_PATH | O_DIRECTORY | O_CLOEXEC);
  return { root, join: [process, root, setns(process, CLONE_NEWNS)] };
}
// #endregion
