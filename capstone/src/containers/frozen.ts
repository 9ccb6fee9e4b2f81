import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cgroupPath, findHierarchies, type Hierarchy } from 'step-10';

/** Do a container's processes stand still? */
export function isFrozen(id: string): boolean {
  return ours().some((hierarchy) => {
    const cgroup = cgroupPath(hierarchy, id);
    if (hierarchy.version === 2) return read(join(cgroup, 'cgroup.freeze')) === '1';
    return ['FROZEN', 'FREEZING'].includes(read(join(cgroup, 'freezer.state')) ?? '');
  });
}

let found: readonly Hierarchy[] | undefined;

/** Those of this machine that may have a freezer. */
function ours(): readonly Hierarchy[] {
  found ??= findHierarchies().filter(({ version, controllers }) => version === 2 || controllers.includes('freezer'));
  return found;
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined; // it has no such cgroup (any more)
  }
}
