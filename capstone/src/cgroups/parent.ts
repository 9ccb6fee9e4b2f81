import { join } from 'node:path';
import { findHierarchies, type Hierarchy, isNone, Misuse, missing } from 'step-10';

// #region the cgroup above
/**
 * The hierarchies as a container has them: its cgroup is in that of the root, or in the one that `--cgroup-parent` names. docker
 * takes a path from the top of each hierarchy, with or without a slash before it, and `..` leads nowhere above the top.
 */
export function hierarchiesOf(
  { cgroupParent }: { readonly cgroupParent?: string | undefined },
  all: readonly Hierarchy[] = findHierarchies(),
): Hierarchy[] {
  if (!cgroupParent) return [...all];
  return all.map((one) => ({ ...one, parent: join(one.mount, join('/', cgroupParent)).replace(/\/$/, '') }));
}
// #endregion

/** Reads `--cgroup-parent`. @throws {Misuse} if a path can't be one of a cgroup */
export function cgroupParent(text: string): string {
  if (text.includes('\0') || text.includes('\n'))
    throw new Misuse(`invalid --cgroup-parent ${JSON.stringify(text)}: a cgroup has no such name`);
  return text;
}

/** @throws {Error} if there are no cgroups to put one in */
export function refuseNoCgroups(hierarchies: readonly Hierarchy[]): void {
  if (hierarchies.some(isNone)) throw new Error(`--cgroup-parent needs ${missing('pids', hierarchies)}`);
}
