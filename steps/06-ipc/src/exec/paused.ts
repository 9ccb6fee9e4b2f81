import { type Hierarchy, isFrozen, standsStill } from 'step-05';

/** @throws {Error} if a container is paused: what joined it would stop short of its command, and seem to hang */
export function assertNotPaused(
  name: string,
  cgroups: readonly { readonly directory: string; readonly hierarchy: Hierarchy }[],
): void {
  // Version 1 says the same of a cgroup as of one that it is in. In version 2, only cgroup.events does.
  const stands = ({ directory, hierarchy }: (typeof cgroups)[number]) =>
    isFrozen(directory, hierarchy) || (hierarchy.version === 2 && standsStill(directory));
  if (cgroups.some(stands)) throw new Error(`Container ${name} is paused, unpause the container before exec`);
}
