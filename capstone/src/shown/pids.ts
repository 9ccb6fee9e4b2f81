import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cgroupPath, cgroupsOf, findHierarchies, told } from 'step-10';

/** The processes of a container, by their numbers on the host: those in its cgroup, and in what it made below it. */
export function pidsOf(id: string, first: number): number[] {
  const [hierarchy] = cgroupsOf(id, findHierarchies());
  if (!hierarchy) return [first]; // an ordinary user's may have none
  return pidsIn(cgroupPath(hierarchy, id)).sort((one, other) => one - other);
}

function pidsIn(cgroup: string): number[] {
  const own = (told(join(cgroup, 'cgroup.procs')) ?? '').split('\n').filter(Boolean).map(Number);
  return [...own, ...below(cgroup).flatMap((name) => pidsIn(join(cgroup, name)))];
}

function below(cgroup: string): string[] {
  try {
    return readdirSync(cgroup, { withFileTypes: true }).flatMap((one) => (one.isDirectory() ? [one.name] : []));
  } catch {
    return []; // it is gone
  }
}
