import { join } from 'node:path';
import { type Hierarchy, isFrozen, told } from 'step-05';

/** @throws {Error} if a container is paused: what joined it would stop short of its command, and seem to hang */
export function assertNotPaused(
  name: string,
  cgroups: readonly { readonly directory: string; readonly hierarchy: Hierarchy }[],
): void {
  if (cgroups.some(({ directory, hierarchy }) => isFrozen(directory, hierarchy) || isInFrozen(directory)))
    throw new Error(`Container ${name} is paused, unpause the container before exec`);
}

/** Version 1 says the same of a cgroup as of one that it is in. In version 2, only this file does. */
function isInFrozen(cgroup: string): boolean {
  return /^frozen 1$/m.test(told(join(cgroup, 'cgroup.events')) ?? '');
}
