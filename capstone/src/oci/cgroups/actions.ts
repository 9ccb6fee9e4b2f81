import { dirname, join } from 'node:path';
import {
  type Action,
  attachProgram,
  type ControllerFile,
  type Deed,
  type DeviceRule,
  isNone,
  mkdirp,
  newDeed,
  PID,
  removeCgroup,
  write,
} from 'step-10';
import { inheritCpuset, inheritingCpuset, way } from '../../cgroups/inherit-cpuset.ts';
import type { Resources } from '../config/schema.ts';
import { deviceLines, onlyAllowed } from './devices.ts';
import type { CgroupPlace } from './place.ts';
import { type CgroupSetting, settings } from './settings.ts';

// #region the cgroups of a bundle
/** Makes a container's cgroups, one in each hierarchy, writes its limits, and puts the container in. */
export function cgroupActions(places: readonly CgroupPlace[], resources: Resources): Action[] {
  const hierarchies = places.map(({ hierarchy }) => hierarchy);
  const all = settings(resources, hierarchies);
  return freezerLast(places).flatMap((place) => {
    const here = all.filter(({ hierarchy }) => hierarchy === place.hierarchy);
    const files = here.flatMap((one) => one.files).map(([file, value]) => write(value, join(place.cgroup, file)));
    return [
      {
        what: 'a cgroup, with its limits',
        when: 'before',
        do: [
          mkdirp(place.cgroup),
          ...passOnTo(place, here),
          ...filled(place),
          ...files,
          ...devicesOf(place, places, resources),
        ],
        undo: [removeCgroup(place.cgroup)],
      },
      {
        what: 'put the container in while it waits',
        when: 'adopt',
        do: [write(PID, join(place.cgroup, 'cgroup.procs'))],
        undo: [],
      },
    ] as const;
  });
}
// #endregion

/** What is made last is undone first: of a paused container, v1's freezer has to be. */
function freezerLast(places: readonly CgroupPlace[]): CgroupPlace[] {
  const freezes = ({ hierarchy }: CgroupPlace) => Number(hierarchy.controllers.includes('freezer'));
  return places.toSorted((one, other) => freezes(one) - freezes(other));
}

/** In v2 each cgroup on the way passes on what the container's is to have: all that there is, so that it is counted. */
function passOnTo({ hierarchy, cgroup }: CgroupPlace, here: readonly CgroupSetting[]): Deed[] {
  if (hierarchy.version === 1) return [];
  const counted = ['cpu', 'io', 'memory', 'pids'].filter((one) => hierarchy.controllers.includes(one));
  const wanted = [...new Set([...counted, ...here.map(({ controller }) => controller)])].filter(
    (one) => one !== 'cgroup',
  );
  const above = way(hierarchy.mount, dirname(cgroup));
  return wanted.flatMap((one) => above.map((at) => write(`+${one}`, join(at, 'cgroup.subtree_control'))));
}

/** In v1 a new cpuset has no processor and no memory, and nobody may enter it. */
function filled({ hierarchy, cgroup }: CgroupPlace): Deed[] {
  if (hierarchy.version === 2 || !hierarchy.controllers.includes('cpuset')) return [];
  return way(hierarchy.mount, cgroup).slice(1).map(inherit);
}

const inherit = newDeed<string>('inherit-cpuset', { asShell: inheritingCpuset, carryOut: inheritCpuset });

/** Devices: by files in v1, by a program in v2 where there are no such files. */
function devicesOf(place: CgroupPlace, places: readonly CgroupPlace[], { devices = [] }: Resources): Deed[] {
  const isV1 = (one: CgroupPlace) => one.hierarchy.controllers.includes('devices');
  if (isV1(place)) {
    const file = ([name, value]: ControllerFile) => write(value, join(place.cgroup, name));
    return deviceLines(devices).map(file);
  }
  if (place.hierarchy.version === 1 || isNone(place.hierarchy) || places.some(isV1)) return [];
  const rules: readonly DeviceRule[] | undefined = onlyAllowed(devices);
  return rules ? [attachProgram({ cgroup: place.cgroup, rules })] : [];
}
