import { changedLimits, type Limits, thisMachine, updateLimits } from 'step-10';
import { hierarchiesOf } from './cgroups/parent.ts';
import { tell } from './containers/event.ts';
import { whileLocked } from './containers/lock.ts';
import { type RestartPolicy, writeRecord } from './containers/record.ts';
import { settled } from './end.ts';
import { processOf } from './kill.ts';

/** What `update` changes of a container. */
export interface Update {
  readonly limits: Limits;
  readonly restart?: RestartPolicy;
}

// #region update
/**
 * Changes a container's limits, at once if it runs, and when it is started again. It takes all of it or nothing.
 *
 * @throws {NoSuchContainer}; {Error} in docker's words if it can't be
 */
export function update(id: string, { limits, restart }: Update): Promise<void> {
  return whileLocked(id, async () => {
    const record = await settled(id);
    const { options } = record;
    if (restart && record.autoRemove)
      throw cannot(id, 'Restart policy cannot be updated because AutoRemove is enabled for the container');
    refuseOtherCpus(id, limits, options.limits);
    const hierarchies = hierarchiesOf(record);
    const machine = thisMachine(hierarchies);
    const { pids, ...changed } = changedLimits(id, limits, options.limits, machine);
    if (processOf(record)) await updateLimits(id, limits, hierarchies, machine);
    const after = { ...options, limits: { ...options.limits, ...changed }, pidsLimit: pids ?? options.pidsLimit };
    writeRecord({ ...record, options: after, ...(restart && { restart }) });
    tell('update', record);
  });
}
// #endregion

/** A share of the CPUs is said in one way: by --cpus, or by a period and a quota. */
function refuseOtherCpus(id: string, { nanoCpus, cpuPeriod, cpuQuota }: Limits, before: Limits): void {
  const conflict = (what: string, set: string) =>
    cannot(id, `Conflicting options: ${what} cannot be updated as ${set} has already been set`);
  if (before.nanoCpus !== undefined && cpuPeriod !== undefined) throw conflict('CPU Period', 'NanoCPUs');
  if (before.nanoCpus !== undefined && cpuQuota !== undefined) throw conflict('CPU Quota', 'NanoCPUs');
  if (before.cpuPeriod !== undefined && nanoCpus !== undefined) throw conflict('NanoCPUs', 'CPU Period');
  if (before.cpuQuota !== undefined && nanoCpus !== undefined) throw conflict('NanoCPUs', 'CPU Quota');
}

function cannot(id: string, why: string): Error {
  return new Error(`Cannot update container ${id}: ${why}`);
}
