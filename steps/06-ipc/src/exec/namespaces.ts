import { readlinkSync } from 'node:fs';
import type { Namespace } from 'step-05';

/** What /proc/PID/ns says, by kind: `ipc:[4026531839]`, a number that no other namespace has. */
export type NamespaceIds = Readonly<Partial<Record<Namespace, string>>>;

/** In the order in which setns enters them: a user namespace first, since the others may belong to it. */
const KINDS: readonly Namespace[] = ['user', 'mnt', 'uts', 'ipc', 'pid', 'cgroup', 'net'];

/** The namespaces of a process. One that the kernel wasn't built with is left out. @throws {Error} ENOENT if it has ended */
export function namespacesOf(pid: number | 'self'): NamespaceIds {
  readlinkSync(`/proc/${pid}/ns/mnt`);
  return Object.fromEntries(KINDS.flatMap((kind) => idOf(pid, kind)));
}

function idOf(pid: number | 'self', kind: Namespace): [Namespace, string][] {
  try {
    return [[kind, readlinkSync(`/proc/${pid}/ns/${kind}`)]];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

// #region only those that differ
/**
 * The namespaces that a process has to enter to be where another is: those that the two have, and that aren't the same. To
 * enter one's own user namespace is an error (EINVAL); the others would do no harm, and tell a reader nothing.
 */
export function differing(theirs: NamespaceIds, ours: NamespaceIds): Namespace[] {
  // #region task 2: only those that differ
  return KINDS.filter((kind) => theirs[kind] !== undefined && ours[kind] !== undefined && theirs[kind] !== ours[kind]);
  // #endregion
}
// #endregion
