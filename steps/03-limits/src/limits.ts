import { type ControllerFile, type Hierarchy, missing } from 'step-02';
import type { DiskRate } from './device-rate.ts';
import type { Machine } from './machine.ts';
import { V1 } from './v1.ts';
import { V2 } from './v2.ts';

/** What a container may use. A limit that isn't there is none. */
export interface Limits {
  /** Bytes. */
  readonly memory?: number;
  /** Bytes of memory and swap together; -1 is as much swap as there is. */
  readonly memorySwap?: number;
  /** Bytes that it keeps while others can give some back. */
  readonly memoryReservation?: number;
  /** Billionths of a CPU. */
  readonly nanoCpus?: number;
  /** Its part of a busy CPU, in proportion to the shares of others; 1024 is the usual. */
  readonly cpuShares?: number;
  /** The processors that it may run on, such as `0-2,5`. */
  readonly cpusetCpus?: string;
  /** Processes at once; Infinity is no limit. */
  readonly pids?: number;
  /** Its part of a busy disk, 10 to 1000; 500 is the usual. */
  readonly blkioWeight?: number;
  readonly deviceReadBps?: readonly DiskRate[];
  readonly deviceWriteBps?: readonly DiskRate[];
}

/** The flag of each limit, in the order in which they are written. */
export const FLAGS: Readonly<Record<keyof Limits, string>> = {
  memory: '--memory',
  memorySwap: '--memory-swap',
  memoryReservation: '--memory-reservation',
  nanoCpus: '--cpus',
  cpuShares: '--cpu-shares',
  cpusetCpus: '--cpuset-cpus',
  pids: '--pids-limit',
  blkioWeight: '--blkio-weight',
  deviceReadBps: '--device-read-bps',
  deviceWriteBps: '--device-write-bps',
};

/** What a limit is to the kernel: a controller, and what is written to which of its files. */
export interface Setting {
  readonly controller: string;
  readonly files: readonly ControllerFile[];
}

/** What each limit is in one version of cgroups. */
export type Translation = {
  readonly [L in keyof Limits]-?: (value: NonNullable<Limits[L]>, limits: Limits, machine: Machine) => Setting;
};

/** A setting, and the cgroup hierarchy in which it is made. */
export interface Place extends Setting {
  readonly limit: keyof Limits;
  readonly hierarchy: Hierarchy;
}

// #region a place for each limit
/**
 * Where each limit is written: to the v2 file if v2 has the controller, else to the v1 file.
 *
 * @throws {Error} that names flag and controller if neither has: a limit that does nothing would be worse than none.
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
  throw new Error(`${FLAGS[limit]} needs the "${names}" controller: ${missing(v2, hierarchies)}`);
}
