import { kept } from './capabilities.ts';
import type { Confinement } from './options.ts';
import { filterOf } from './seccomp/filter.ts';
import type { Allowed } from './walls.ts';

/**
 * What a container's options allow its processes.
 *
 * @param isOwnUsers - has it a user namespace of its own?
 */
export function allowed(options: Confinement, isOwnUsers: boolean): Allowed {
  const { seccomp, noNewPrivileges } = options.security;
  const capabilities = capabilitiesOf(options, isOwnUsers);
  const filter = seccomp === undefined ? undefined : filterOf(seccomp, { ...options.kernel, capabilities });
  return { capabilities, filter, noNewPrivileges };
}

/** Those that its root keeps. In a user namespace of its own that can be any; what they are good for there is another matter. */
export function capabilitiesOf({ capAdd, capDrop, privileged, kernel }: Confinement, isOwnUsers: boolean): string[] {
  return kept({ add: capAdd, drop: capDrop, privileged }, isOwnUsers ? kernel.capabilities : kernel.passable);
}
