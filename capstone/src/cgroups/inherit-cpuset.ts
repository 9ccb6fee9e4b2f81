import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** In v1 a new cpuset has no processor and no memory, and nobody may enter it: gives it those of the one above, unless it has some. */
export function inheritCpuset(cgroup: string): void {
  for (const file of ['cpuset.cpus', 'cpuset.mems']) {
    if (readFileSync(join(cgroup, file), 'utf8').trim() !== '') continue;
    writeFileSync(join(cgroup, file), readFileSync(join(dirname(cgroup), file)));
  }
}

/** The same in a shell. */
export function inheritingCpuset(cgroup: string): string {
  return `for f in cpuset.cpus cpuset.mems; do [ -s ${cgroup}/$f ] || cat ${dirname(cgroup)}/$f > ${cgroup}/$f; done`;
}

/** The directories from the top of a hierarchy to a cgroup. */
export function way(top: string, cgroup: string): string[] {
  return cgroup === top || !cgroup.startsWith(`${top}/`) ? [top] : [...way(top, dirname(cgroup)), cgroup];
}
