import {
  AT_FDCWD,
  type Call,
  CLONE_NEWNS,
  MOVE_MOUNT_F_EMPTY_PATH,
  MS_NODEV,
  MS_NOEXEC,
  MS_NOSUID,
  mkdir,
  mount,
  moveMount,
  O_CLOEXEC,
  O_RDONLY,
  OPEN_TREE_CLOEXEC,
  OPEN_TREE_CLONE,
  openat,
  openTree,
  pidfdOpen,
  setns,
} from 'shared-native';
import type { Addition } from 'step-05';
import type { IpcMode } from './modes.ts';

const PLAIN = MS_NOSUID | MS_NODEV | MS_NOEXEC;

// #region what processes share
/**
 * The namespace and mounts for a mode of --ipc; step 2's /dev/shm is left out. An IPC namespace has System V objects, which
 * have numbers, and POSIX queues, which are files: a mounted mqueue filesystem shows the queues of the IPC namespace in which
 * it was mounted. shm_open(3)'s memory is in no namespace. It is files in /dev/shm, shared by everybody who sees them.
 *
 * @param shmSize - the size of the container's own /dev/shm, in bytes
 * @param pid - the first process of the container to share with, if the mode names one
 */
export function ipc(
  mode: IpcMode,
  shmSize: number,
  pid = 0,
): Pick<Addition, 'namespaces' | 'join' | 'setup' | 'inside'> {
  // #region task 1: what processes share
  const queues = [mkdir('/dev/mqueue', 0o755), mount('mqueue', '/dev/mqueue', 'mqueue', PLAIN)];
  const shm = mkdir('/dev/shm', 0o1777);
  const own = mount('shm', '/dev/shm', 'tmpfs', PLAIN, `mode=1777,size=${shmSize}`);
  const tree = openTree(AT_FDCWD, '/dev/shm', OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
  const attached = moveMount(tree, '', AT_FDCWD, '/dev/shm', MOVE_MOUNT_F_EMPTY_PATH);
  if (mode === 'none') return { namespaces: ['ipc'], inside: queues };
  if (mode === 'host') return { setup: [tree], inside: [shm, attached, ...queues] };
  if (pid === 0) return { namespaces: ['ipc'], inside: [shm, own, ...queues] };
  return { join: takenThere(pid, tree), inside: [shm, attached, ...queues] };
  // #endregion
}
// #endregion

// #region what can only be taken there
/** A mount can only be copied in its own mount namespace, so the helper process enters that, copies it, and comes back. */
function takenThere(pid: number, tree: Call): Call[] {
  const here = openat(AT_FDCWD, '/proc/self/ns/mnt', O_RDONLY | O_CLOEXEC);
  const there = pidfdOpen(pid);
  return [there, here, setns(there, CLONE_NEWNS), tree, setns(here, CLONE_NEWNS)];
}
// #endregion

/** Does this call make step 2's /dev/shm: the mount point, or the mount? */
export function isShm({ name, args: { target, pathname } }: Call): boolean {
  const path = name === 'mount' ? target : name === 'mkdir' ? pathname : undefined;
  return path?.kind === 'string' && path.value === '/dev/shm';
}
