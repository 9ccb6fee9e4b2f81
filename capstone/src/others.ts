import type { Flags, IpcMode, PidMode } from 'step-10';

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
