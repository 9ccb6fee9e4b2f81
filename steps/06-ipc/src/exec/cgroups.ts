import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Action, cgroupIn, type Hierarchy, PID, write } from 'step-05';

/** The cgroups of a process, as directories, each with its hierarchy: proc_pid_cgroup(5). Those that it shares with this process are left out. */
export function cgroupsOfProcess(
  hierarchies: readonly Hierarchy[],
  theirs: string,
  ours: string,
): { readonly directory: string; readonly hierarchy: Hierarchy }[] {
  return hierarchies.flatMap((hierarchy) => {
    const path = cgroupIn(hierarchy, theirs);
    if (path === undefined || path === cgroupIn(hierarchy, ours)) return [];
    return [{ directory: join(hierarchy.mountedAt ?? hierarchy.mount, path), hierarchy }];
  });
}

/** What /proc/PID/cgroup says of a process. @throws {Error} ENOENT if it has ended */
export function cgroupFile(pid: number | 'self'): string {
  return readFileSync(`/proc/${pid}/cgroup`, 'utf8');
}

// #region limits bite on it, too
/** Puts the process into all cgroups of the container while it waits: what limits that, limits it, and it counts. */
export function joinCgroups(directories: readonly string[]): Action {
  const what = "into the container's cgroups, before it has made a call: limits bite on it, too";
  return { what, when: 'adopt', do: directories.map((one) => write(PID, join(one, 'cgroup.procs'))), undo: [] };
}
// #endregion
