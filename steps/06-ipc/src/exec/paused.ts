import { type Hierarchy, isFrozen } from 'step-05';

/** @throws {Error} if a container is paused: what joined it would stop short of its command, and seem to hang */
export function assertNotPaused(
  name: string,
  cgroups: readonly { readonly directory: string; readonly hierarchy: Hierarchy }[],
): void {
  if (cgroups.some(({ directory, hierarchy }) => isFrozen(directory, hierarchy)))
    throw new Error(`Container ${name} is paused, unpause the container before exec`);
}
