import { cgroupPath, findHierarchies, type Hierarchy, isFrozen, state } from 'step-10';
import { hierarchiesOf } from '../cgroups/parent.ts';

/** Do a container's processes stand still? @param cgroupParent - of its record */
export function isPaused(id: string, cgroupParent?: string): boolean {
  return hierarchiesOf({ cgroupParent }, ours()).some((hierarchy) => isFrozen(cgroupPath(hierarchy, id), hierarchy));
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
