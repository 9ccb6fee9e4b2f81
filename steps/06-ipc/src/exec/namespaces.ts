import { readlinkSync } from 'node:fs';
import type { Namespace } from 'step-05';

/** The links in /proc/PID/ns, by kind: `ipc:[4026531839]`, a number that no other namespace has. */
export type NamespaceIds = Readonly<Partial<Record<Namespace, string>>>;

/** In the order in which setns enters them: the user namespace first, because the others may belong to it. */
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
 * The namespaces that a process must enter to be where another one is: the ones that both have and that differ. Entering the
 * user namespace that you are in is an error (EINVAL). Entering any other again does no harm, but tells a reader nothing.
 */
export function differing(theirs: NamespaceIds, ours: NamespaceIds): Namespace[] {
  // #region task 2: only those that differ
  return KINDS.filter((kind) => theirs[kind] !== undefined && ours[kind] !== undefined && theirs[kind] !== ours[kind]);
  // #endregion
}
// #endregion
