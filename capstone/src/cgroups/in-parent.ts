import { existsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import {
  type Action,
  cgroupPath,
  type Deed,
  emptyPlan,
  extend,
  type Hierarchy,
  isNone,
  joinCgroup,
  type Part,
  removeCgroup,
} from 'step-10';
import { type Below, leaveAbove, MAKES, makeBelow } from './below.ts';

/**
 * The same container with its cgroups in ones that others have made, or will use: no limit of those is changed, only what v2
 * passes on below them, and a cpuset of v1 that is empty. They stay unless they are ours, and the container has a cgroup in every
 * hierarchy, so that all their limits apply to it.
 *
 * @param hierarchies - with that cgroup as their parent
 */
export function inParent(parts: readonly Part[], name: string, hierarchies: readonly Hierarchy[]): Part[] {
  const usable = hierarchies.filter((one) => one.controllers.length > 0 && !isNone(one));
  const acted = parts.map((part) => ({ ...part, actions: part.actions.map((one) => amid(one, name, hierarchies)) }));
  const all = acted.flatMap(({ actions }) => actions);
  const lacking = usable.filter((one) => !all.some((action) => makes(action, cgroupPath(one, name))));
  if (lacking.length === 0) return acted;
  const actions = [...lacking.map((one) => made(one, name)), ...lacking.map((one) => joinCgroup(one, name))];
  // Made first, and so removed last: while v1's freezer still keeps a process, no cgroup of it becomes empty.
  return [...extend(emptyPlan(name), 'boxstep', { actions }).parts, ...acted];
}

function made(hierarchy: Hierarchy, name: string): Action {
  const below = belowOf(hierarchy, name);
  return {
    what: 'a cgroup in each hierarchy: whatever the one above limits, it limits for the container, too',
    when: 'before',
    do: [makeBelow(below)],
    undo: [removeCgroup(below.cgroup), leaveAbove(below)],
  };
}

function amid(action: Action, name: string, hierarchies: readonly Hierarchy[]): Action {
  const its = (path: string) => hierarchies.find((one) => cgroupPath(one, name) === path);
  const isParents = (path: string) => hierarchies.some(({ parent }) => parent === path);
  const doing = (deed: Deed): Deed[] => {
    if (deed.deed === 'write' && isParents(dirname(deed.path)) && basename(deed.path).startsWith('cpuset.')) return [];
    const hierarchy = deed.deed === 'mkdir' ? its(deed.path) : undefined;
    return [hierarchy ? makeBelow(belowOf(hierarchy, name)) : deed];
  };
  const undoing = (deed: Deed): Deed[] => {
    const hierarchy = deed.deed === 'rmdir' ? hierarchies.find(({ parent }) => parent === deed.path) : undefined;
    return [hierarchy ? leaveAbove(belowOf(hierarchy, name)) : deed];
  };
  return { ...action, do: action.do.flatMap(doing), undo: action.undo.flatMap(undoing) };
}

/** What removes such cgroups of a container that has lost its journal. */
export function leftInParent(name: string, hierarchies: readonly Hierarchy[]): Deed[] {
  const all = hierarchies.filter((one) => existsSync(cgroupPath(one, name))).map((one) => belowOf(one, name));
  return all.flatMap((below) => [removeCgroup(below.cgroup), leaveAbove(below)]);
}

function makes({ do: deeds }: Action, cgroup: string): boolean {
  return deeds.some((one) => one.deed === 'other' && one.kind === MAKES && (one.of as Below).cgroup === cgroup);
}

function belowOf(hierarchy: Hierarchy, name: string): Below {
  const { mount, version, controllers } = hierarchy;
  return {
    mount,
    cgroup: cgroupPath(hierarchy, name),
    controllers: version === 2 ? controllers : [],
    isCpuset: version === 1 && controllers.includes('cpuset'),
  };
}
