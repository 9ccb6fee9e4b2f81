import { join } from 'node:path';
import { type Action, type Deed, mkdirp, PID, removeCgroup, rmdirIfEmpty, write } from './engine/action.ts';
import type { Hierarchy } from './hierarchies.ts';

/** A container's cgroup in one hierarchy: `/sys/fs/cgroup/boxstep/NAME`. */
export function cgroupPath(hierarchy: Hierarchy, name: string): string {
  return join(hierarchy.parent, name);
}

/** The cgroups in which containers have theirs: one in each hierarchy that can limit something. */
export function parents(hierarchies: readonly Hierarchy[]): string[] {
  return hierarchies.map(({ parent }) => parent);
}

/** What is written to a controller's file: `['pids.max', 512]`. */
export type ControllerFile = readonly [file: string, value: string | number];

// #region a cgroup of its own
/** Makes a container's cgroup, with a limit on how many processes may be in it at once, and puts the container in. */
export function limitPids(hierarchy: Hierarchy, name: string, most: number): Action[] {
  const what = most === Infinity ? 'a cgroup' : `a cgroup with room for ${most} processes`;
  return [
    makeCgroup(hierarchy, name, what, ['pids'], [['pids.max', most === Infinity ? 'max' : most]]),
    joinCgroup(hierarchy, name),
  ];
}

/** Makes a container's cgroup in a hierarchy, and writes to its controllers' files. */
export function makeCgroup(
  hierarchy: Hierarchy,
  name: string,
  what: string,
  controllers: readonly string[],
  files: readonly ControllerFile[],
): Action {
  // #region task 2: a cgroup of its own
  const cgroup = cgroupPath(hierarchy, name);
  const passed = controllers.flatMap((controller) => passOn(hierarchy, controller));
  return {
    what,
    when: 'before',
    do: [mkdirp(cgroup), ...passed, ...files.map(([file, value]) => write(value, join(cgroup, file)))],
    undo: [removeCgroup(cgroup), rmdirIfEmpty(hierarchy.parent)],
  };
  // #endregion
}

/** Puts the container into its cgroup. */
export function joinCgroup(hierarchy: Hierarchy, name: string): Action {
  return {
    what: 'put the container in while it waits; its children will be born there',
    when: 'adopt',
    do: [write(PID, join(cgroupPath(hierarchy, name), 'cgroup.procs'))],
    undo: [],
  };
}
// #endregion

// #region v2 passes controllers on
/**
 * In v2 a cgroup has the controllers that its parent passes on, from the root down (cgroups(7), "Cgroups v2
 * subtree control"). In v1 every cgroup of a hierarchy has them.
 *
 * @returns what is to be done before a container's cgroup has the controller, in this order
 */
export function passOn(hierarchy: Hierarchy, controller: string): Deed[] {
  // #region task 3: v2 passes controllers on
  if (hierarchy.version === 1) return [];
  const from = [hierarchy.mount, hierarchy.parent];
  return from.map((cgroup) => write(`+${controller}`, join(cgroup, 'cgroup.subtree_control')));
  // #endregion
}
// #endregion
