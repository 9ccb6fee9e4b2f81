import {
  type Action,
  type ControllerFile,
  cgroupPath,
  type Hierarchy,
  joinCgroup,
  makeCgroup,
  missing,
  removeCgroup,
} from 'step-09';
import { attachProgram } from './attach.ts';
import { type DeviceRule, EVERYTHING, merged, ruleText } from './rules.ts';

// #region devices by cgroup
/**
 * Lets a container open these devices and no others, whatever nodes exist: v1 has files for that, v2 a program. A new cgroup
 * allows what its parent does, so if everything is allowed, there is nothing to do.
 *
 * @param inhabited - the hierarchies in which the container already has a cgroup
 * @throws {Error} if there is neither: without it, root in the container could open any disk
 */
export function allowDevices(
  rules: readonly DeviceRule[],
  name: string,
  hierarchies: readonly Hierarchy[],
  inhabited: readonly Hierarchy[],
): Action[] {
  const all = merged(rules);
  if (all.includes(EVERYTHING)) return [];
  const v1 = hierarchies.find(({ version, controllers }) => version === 1 && controllers.includes('devices'));
  if (v1) return inCgroup(v1, name, inhabited, written(all));
  const v2 = hierarchies.find(({ version }) => version === 2);
  if (!v2) throw new Error(missing('devices', hierarchies));
  const asked = attachProgram({ cgroup: cgroupPath(v2, name), rules: all });
  return [...inCgroup(v2, name, inhabited), { what: WHAT, when: 'before', do: [asked], undo: [] }];
}

/** In v1: first denies everything, then allows these. */
function written(rules: readonly DeviceRule[]): ControllerFile[] {
  return [['devices.deny', 'a'], ...rules.map((rule): ControllerFile => ['devices.allow', ruleText(rule)])];
}
// #endregion

const WHAT = 'the devices that it may use';

/** Writes to files of the container's cgroup, which is made, and joined, unless it has one in this hierarchy. */
function inCgroup(
  hierarchy: Hierarchy,
  name: string,
  inhabited: readonly Hierarchy[],
  files: readonly ControllerFile[] = [],
): Action[] {
  const made = makeCgroup(hierarchy, name, WHAT, [], files);
  if (!inhabited.includes(hierarchy)) return [frozenFirst(made, name, inhabited), joinCgroup(hierarchy, name)];
  return files.length > 0 ? [{ ...made, undo: [] }] : [];
}

/** This cgroup is removed before step 3's, and v1's freezer may keep a process in it that no signal ends: so that goes first. */
function frozenFirst(made: Action, name: string, inhabited: readonly Hierarchy[]): Action {
  const freezers = inhabited.filter(({ version, controllers }) => version === 1 && controllers.includes('freezer'));
  return { ...made, undo: [...freezers.map((one) => removeCgroup(cgroupPath(one, name))), ...made.undo] };
}
