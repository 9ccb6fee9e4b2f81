import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { cgroupIn, type Hierarchy } from 'step-10';

/** A hierarchy in which a container has a cgroup: `parent` and the container's path are those of config.json. */
export interface CgroupPlace {
  readonly hierarchy: Hierarchy;
  /** A directory. */
  readonly cgroup: string;
}

/**
 * The cgroups of a container, as runc places them: an absolute `cgroupsPath` from the top of each hierarchy, a relative one
 * from the cgroup of this process; in v2 from the one above that, since processes live in it.
 *
 * @throws {Error} for a path that is systemd's
 */
export function cgroupPlaces(
  cgroupsPath: string | undefined,
  id: string,
  hierarchies: readonly Hierarchy[],
  ours = readFileSync('/proc/self/cgroup', 'utf8'),
): CgroupPlace[] {
  const path = cgroupsPath || id;
  if (/^[^/]*:[^/]*:[^/]*$/.test(path))
    throw new Error(`linux.cgroupsPath ${path} is one for systemd: this runtime makes cgroups itself (cgroupfs)`);
  return hierarchies.map((hierarchy) => {
    const own = cgroupIn(listed(hierarchy), ours) ?? '/';
    const from = path.startsWith('/') ? '/' : hierarchy.version === 2 ? dirname(own) : own;
    const cgroup = join(hierarchy.mountedAt ?? hierarchy.mount, join('/', from, path)); // `..` leads nowhere above the top
    return { hierarchy: { ...hierarchy, parent: dirname(cgroup) }, cgroup };
  });
}

/** The same for a container that has its cgroups already, wherever this process is. */
export function placesIn(cgroups: readonly string[], hierarchies: readonly Hierarchy[]): CgroupPlace[] {
  return hierarchies.flatMap((hierarchy) => {
    const cgroup = cgroups.find((one) => one.startsWith(`${hierarchy.mountedAt ?? hierarchy.mount}/`));
    return cgroup === undefined ? [] : [{ hierarchy: { ...hierarchy, parent: dirname(cgroup) }, cgroup }];
  });
}

/**
 * As /proc/self/cgroup lists a hierarchy. systemd's own in v1 has a name and no controllers: it limits nothing, but programs
 * in it, systemd among them, look for their cgroup there.
 */
function listed(hierarchy: Hierarchy): Hierarchy {
  const isNamed = hierarchy.version === 1 && hierarchy.controllers.length === 0;
  return isNamed ? { ...hierarchy, controllers: [`name=${basename(hierarchy.mount)}`] } : hierarchy;
}
