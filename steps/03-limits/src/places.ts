import { type Hierarchy, isUsers, missing } from 'step-02';
import type { Machine } from './flags/machine.ts';
import { FLAGS, type Limits, type Setting, type Translation } from './limits.ts';
import { V1 } from './v1.ts';
import { V2 } from './v2.ts';

/** A setting, and the cgroup hierarchy in which it is made. */
export interface Place extends Setting {
  readonly limit: keyof Limits;
  readonly hierarchy: Hierarchy;
}

// #region a place for each limit
/**
 * Where each limit is written: to the v2 file if v2 has the controller, else to the v1 file.
 *
 * @throws {Error} that names flag and controller if neither has it: a limit that does nothing would be worse than none.
 */
export function places(limits: Limits, hierarchies: readonly Hierarchy[], machine: Machine): Place[] {
  return given(limits).map((limit) => {
    const v2 = setting(V2, limit, limits, machine);
    const inV2 = hierarchies.find(({ version, controllers }) => version === 2 && controllers.includes(v2.controller));
    if (inV2) return { limit, hierarchy: inV2, ...v2 };
    const v1 = setting(V1, limit, limits, machine);
    return { limit, hierarchy: controllerFor(limit, v1.controller, hierarchies), ...v1 };
  });
}
// #endregion

function given(limits: Limits): (keyof Limits)[] {
  return (Object.keys(FLAGS) as (keyof Limits)[]).filter((limit) => limits[limit] !== undefined);
}

function setting(version: Translation, limit: keyof Limits, limits: Limits, machine: Machine): Setting {
  const translate = version[limit] as (value: unknown, limits: Limits, machine: Machine) => Setting;
  return translate(limits[limit], limits, machine);
}

function controllerFor(limit: keyof Limits, controller: string, hierarchies: readonly Hierarchy[]): Hierarchy {
  const inV1 = hierarchies.find(({ version, controllers }) => version === 1 && controllers.includes(controller));
  if (inV1) return inV1;
  const v2 = controller === 'blkio' ? 'io' : controller;
  const names = [...new Set([v2, controller])].join('" or "');
  if (isUsers()) throw new Error(`${FLAGS[limit]} needs ${missing(v2, hierarchies)}`);
  throw new Error(`${FLAGS[limit]} needs the "${names}" controller: ${missing(v2, hierarchies)}`);
}
