import { readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { perform, pidfdOpen } from 'shared-native';
import { cgroupPath, cgroupsOf, findHierarchies, running } from 'step-06';
import type { Running } from '../hot-mount.ts';

/** The first process of a container that runs. The caller closes the descriptor. @throws {Error} if there is none */
export function firstProcess(name: string): Running {
  const hierarchies = findHierarchies();
  if (!running(hierarchies).includes(name)) throw new Error(`No such container: ${name}`);
  const isFirst = (pid: number) => /^NSpid:.*\s1$/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  const cgroups = cgroupsOf(name, hierarchies).map((hierarchy) => cgroupPath(hierarchy, name));
  const pids = [...new Set(cgroups.flatMap(processes))].sort((one, other) => one - other);
  const pid = pids.find((one) => orNot(() => isFirst(one))) ?? pids[0];
  if (pid === undefined) throw new Error(`container ${name} is ending, or not yet started`);
  const pidfd = perform(pidfdOpen(pid));
  const isNotYet = orNot(() => readlinkSync(`/proc/${pid}/exe`) === readlinkSync('/proc/self/exe'));
  if (isNotYet || !cgroups.some((cgroup) => processes(cgroup).includes(pid))) {
    throw new Error(`container ${name} is ending, or not yet started`);
  }
  return { pid, pidfd };
}

function processes(cgroup: string): number[] {
  return readFileSync(join(cgroup, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number);
}

function orNot(look: () => boolean): boolean {
  try {
    return look();
  } catch {
    return false; // it has ended
  }
}
