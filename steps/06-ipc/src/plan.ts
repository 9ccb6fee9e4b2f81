import type { Call } from 'shared-native';
import * as previous from 'step-05';
import { type Addition, extend, joining, type Plan, type Running, runningContainer } from 'step-05';
import { ipc, isShm } from './ipc.ts';
import { containerOf } from './modes.ts';
import type { Options } from './options.ts';

// #region what it has, and what it shares
/** Step 05's container with its own shared memory and queues, or with another's; it can also share processes, names and networks. */
export function plan(options: Options): Plan {
  const sharer = sharerOf(options.ipc);
  const parts = [
    sharing('ipc', sharer),
    { ...ipc(options.ipc, options.shmSize, sharer?.pid), without: { calls: isShm } },
    options.pid === 'host' ? { without: { namespaces: ['pid'] } } : sharing('pid', named(options.pid)),
    options.uts === 'host' ? { without: { namespaces: ['uts'], calls: setsName } } : {},
    sharing('net', named(options.networks[0]?.network ?? '')),
  ] as const satisfies Addition[];
  return parts.reduce((plan: Plan, part) => extend(plan, 'step-06', part), previous.plan(options));
}

/** Joins a namespace of another container, if there is one to share with. */
function sharing(namespace: 'ipc' | 'pid' | 'net', container: Running | undefined): Addition {
  return container ? joining(container, [namespace]) : {};
}
// #endregion

/** The host keeps its names. */
function setsName({ name }: Call): boolean {
  return name === 'sethostname' || name === 'setdomainname';
}

function named(mode: string): Running | undefined {
  const name = containerOf(mode);
  return name === undefined ? undefined : runningContainer(name);
}

/** The container whose shared memory it gets. @throws {Error} if that container doesn't share it */
function sharerOf(mode: string): Running | undefined {
  const running = named(mode);
  const theirs = String(running?.options.ipc ?? 'private');
  if (!running || (theirs !== 'private' && theirs !== 'none')) return running;
  throw new Error(
    `can't join IPC of container ${running.name}: its mode is ${theirs}; run that one with --ipc shareable`,
  );
}
