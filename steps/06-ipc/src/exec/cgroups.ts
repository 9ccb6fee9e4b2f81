import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Action, cgroupIn, type Hierarchy, PID, write } from 'step-05';

/** A process's cgroups, as directories, each with its hierarchy: proc_pid_cgroup(5). Those that this process is in, too, are left out. */
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

/** Reads /proc/PID/cgroup. @throws {Error} ENOENT if the process has ended */
export function cgroupFile(pid: number | 'self'): string {
  return readFileSync(`/proc/${pid}/cgroup`, 'utf8');
}

// #region limits bite on it, too
/** Puts the process into all the container's cgroups while it waits, so it counts there, and their limits apply to it. */
export function joinCgroups(directories: readonly string[]): Action {
  const what = "put it into the container's cgroups before it makes a call: their limits apply to it, too";
  return { what, when: 'adopt', do: directories.map((one) => write(PID, join(one, 'cgroup.procs'))), undo: [] };
}
// #endregion
