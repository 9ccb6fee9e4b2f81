import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Hierarchy } from 'step-05';

/** @throws {Error} if a container is paused: what joined it would stop short of its command, and seem to hang */
export function assertNotPaused(
  name: string,
  cgroups: readonly { readonly directory: string; readonly hierarchy: Hierarchy }[],
): void {
  if (cgroups.some(({ directory, hierarchy }) => isFrozen(directory, hierarchy)))
    throw new Error(`Container ${name} is paused, unpause the container before exec`);
}

function isFrozen(cgroup: string, { version }: Hierarchy): boolean {
  const file = join(cgroup, version === 2 ? 'cgroup.events' : 'freezer.state');
  return existsSync(file) && /^(frozen 1|FROZEN|FREEZING)$/m.test(readFileSync(file, 'utf8'));
}
