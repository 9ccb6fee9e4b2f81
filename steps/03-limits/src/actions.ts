import { type Action, cgroupPath, type Hierarchy, joinCgroup, makeCgroup, removeCgroup, rmdirIfEmpty } from 'step-02';
import { FLAGS } from './limits.ts';
import type { Options } from './options.ts';
import { type Place, places } from './places.ts';

/** The controllers that count what a container uses (`stats`) and stop it (`pause`), limit or no limit. */
const ALWAYS = ['memory', 'cpuacct', 'freezer'];

// #region the cgroups that limit
/** What the host does: makes a cgroup in each hierarchy that it needs, writes the limits, and puts the process in. */
export function limitActions({ name, hierarchies, limits, machine }: Options): Action[] {
  const written = places(limits, hierarchies, machine);
  return freezerLast(hierarchies).flatMap((hierarchy) => {
    const here = written.filter((place) => place.hierarchy === hierarchy);
    const controllers = needed(hierarchy, here);
    if (controllers.length === 0) return later(hierarchy, name);
    const files = here.flatMap((place) => place.files);
    const made = makeCgroup(hierarchy, name, purpose(here), controllers, files);
    // Where step 1 limits the number of processes, it has already made the cgroup and put the container in.
    return hierarchy.controllers.includes('pids') ? [{ ...made, undo: [] }] : [made, joinCgroup(hierarchy, name)];
  });
}
// #endregion

/** The hierarchies in which a container has a cgroup. */
export function inhabited({ hierarchies, limits, machine }: Options): Hierarchy[] {
  const written = places(limits, hierarchies, machine);
  const here = (hierarchy: Hierarchy) => written.filter((place) => place.hierarchy === hierarchy);
  return hierarchies.filter(
    (hierarchy) => hierarchy.controllers.includes('pids') || needed(hierarchy, here(hierarchy)).length > 0,
  );
}

function needed(hierarchy: Hierarchy, here: readonly Place[]): string[] {
  const counting = ALWAYS.filter((controller) => hierarchy.controllers.includes(controller));
  return [...new Set([...counting, ...here.map(({ controller }) => controller)])];
}

/**
 * What is made last is undone first, and v1's freezer must be: while a container is paused, no signal kills its
 * processes, so no other cgroup would ever become empty.
 */
function freezerLast(hierarchies: readonly Hierarchy[]): Hierarchy[] {
  const freezes = ({ controllers }: Hierarchy) => Number(controllers.includes('freezer'));
  return hierarchies.toSorted((one, other) => freezes(one) - freezes(other));
}

/** Nothing to do yet; but `update` may limit something here while the container runs, and then there is this to undo. */
function later(hierarchy: Hierarchy, name: string): Action[] {
  if (!['cpu', 'cpuset', 'blkio', 'io'].some((controller) => hierarchy.controllers.includes(controller))) return [];
  const undo = [removeCgroup(cgroupPath(hierarchy, name)), rmdirIfEmpty(hierarchy.parent)];
  return [{ what: 'if "update" has put it there', when: 'before', do: [], undo }];
}

function purpose(here: readonly Place[]): string {
  if (here.length === 0) return 'a cgroup that counts what it uses';
  return `a cgroup for ${here.map(({ limit }) => FLAGS[limit]).join(', ')}`;
}
