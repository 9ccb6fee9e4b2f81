import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cgroupPath, findHierarchies, type Hierarchy, state } from 'step-10';
import { hierarchiesOf } from '../cgroups/parent.ts';

/** Do a container's processes stand still? @param cgroupParent - of its record */
export function isFrozen(id: string, cgroupParent?: string): boolean {
  return hierarchiesOf({ cgroupParent }, ours()).some((hierarchy) => {
    const cgroup = cgroupPath(hierarchy, id);
    if (hierarchy.version === 2) return read(join(cgroup, 'cgroup.freeze')) === '1';
    return ['FROZEN', 'FREEZING'].includes(read(join(cgroup, 'freezer.state')) ?? '');
  });
}

/** The last ones: each container of a list asks for them again. */
let last: { readonly name: string; readonly hierarchies: readonly Hierarchy[] } | undefined;

/** Those that may have a freezer. Where they keep containers' cgroups depends on the root. */
function ours(): readonly Hierarchy[] {
  const { name } = state();
  if (last?.name !== name) {
    const all = findHierarchies();
    last = { name, hierarchies: all.filter((one) => one.version === 2 || one.controllers.includes('freezer')) };
  }
  return last.hierarchies;
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined; // it has no such cgroup (any more)
  }
}
