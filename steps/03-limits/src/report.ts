import type { Ended } from 'step-02';
import type { Options } from './options.ts';
import { type Usage, usage } from './running/usage.ts';
import { bytesSize } from './sizes.ts';

/** The report on a container that has ended: whether memory ran out, and what it used, if you asked for that. */
export function report({ readings, signal }: Ended, { name, hierarchies, stats }: Options): string[] {
  const used = usage(name, hierarchies, (path) => readings[path]);
  return [...outOfMemory(used, signal === 'SIGKILL'), ...(stats ? summary(used) : [])];
}

// #region out of memory
/**
 * To the process, being killed because memory ran out looks like any other SIGKILL. The cgroup knows better.
 *
 * @param itself - was the container's own first process killed, or only one that it had started?
 */
export function outOfMemory({ oomKills = 0, memoryLimit, memoryPeak }: Usage, itself: boolean): string[] {
  // #region task 5: who was it?
  if (oomKills === 0) return [];
  const limit = memoryLimit === undefined ? 'no limit of its own' : `limit ${bytesSize(memoryLimit, ' ')}`;
  const peak = memoryPeak === undefined ? '' : `, peak ${bytesSize(memoryPeak, ' ')}`;
  const processes = oomKills === 1 ? 'a process was ' : `${oomKills} processes were `;
  return [`${itself ? '' : processes}killed: out of memory (${limit}${peak})`];
  // #endregion
}
// #endregion

/** What a container used, a line for each thing. */
export function summary({ memoryPeak, memoryLimit, cpuTime, throttled, pidsPeak }: Usage): string[] {
  const limit = memoryLimit === undefined ? '' : ` of ${bytesSize(memoryLimit, ' ')}`;
  return [
    `memory: ${memoryPeak === undefined ? NOT_KNOWN : `at most ${bytesSize(memoryPeak, ' ')}${limit}`}`,
    `CPU time: ${seconds(cpuTime)}, throttled for ${throttled === undefined ? '0 s' : seconds(throttled)}`,
    `processes: ${pidsPeak === undefined ? NOT_KNOWN : `at most ${pidsPeak}`}`,
  ];
}

const NOT_KNOWN = 'not known on this kernel';

function seconds(microseconds: number | undefined): string {
  return microseconds === undefined ? NOT_KNOWN : `${(microseconds / 1e6).toFixed(3)} s`;
}
