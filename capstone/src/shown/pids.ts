import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cgroupPath, cgroupsOf, told } from 'step-10';
import { hierarchiesOf } from '../cgroups/parent.ts';
import type { BoxRecord } from '../containers/record.ts';

/** The processes of a container, by their numbers on the host: those in its cgroup, and in what it made below it. */
export function pidsOf(record: Pick<BoxRecord, 'id' | 'cgroupParent'>, first: number): number[] {
  const { id } = record;
  const [hierarchy] = cgroupsOf(id, hierarchiesOf(record));
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
