import { type Flags, fromOthers, type IpcMode, type Options, oneForEachPlace, type PidMode } from 'step-10';
import type { BoxRecord } from './containers/record.ts';

const CONTAINER = 'container:';

/**
 * Flags in which other containers are called by their ids, whatever they were called: a name may be another's tomorrow.
 *
 * @param idOf - the id of the container that is called so @throws {Error} if there is none
 */
export function ofOthers(flags: Flags, idOf: (called: string) => string): Flags {
  const its = (mode: string) =>
    mode.startsWith(CONTAINER) && mode !== CONTAINER ? `${CONTAINER}${idOf(mode.slice(CONTAINER.length))}` : mode;
  const { network, ipc, pid, volumesFrom } = flags;
  return {
    ...flags,
    ...(network && { network: network.map((one) => ({ ...one, network: its(one.network) })) }),
    ...(ipc && { ipc: its(ipc) as IpcMode }),
    ...(pid && { pid: its(pid) as PidMode }),
    ...(volumesFrom && { volumesFrom: volumesFrom.map((one) => ({ ...one, name: idOf(one.name) })) }),
  };
}

/**
 * What `--volumes-from` means for a container that may start when the others don't run, or aren't there any more: the mounts that
 * they have now.
 *
 * @param find - the container with an id @throws {Error} if there is none
 */
export function withTheirMounts(options: Options, find: (id: string) => Pick<BoxRecord, 'options'>): Options {
  const asked = { ...options.asked, fromOthers: fromOthers(options.volumesFrom, find) };
  return { ...options, asked, mounts: oneForEachPlace(asked) };
}
