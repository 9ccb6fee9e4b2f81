import { existsSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { SIGKILL, signalNumber } from 'shared-native';
import { containerPath, makeDirectories, removeVolume } from 'step-10';
import { tell } from './containers/event.ts';
import { NoSuchContainer } from './containers/find.ts';
import { keepersOf } from './containers/keepers.ts';
import { whileLocked } from './containers/lock.ts';
import { dropName, dropNamesOf, whileNaming } from './containers/names.ts';
import { type BoxRecord, readRecord } from './containers/record.ts';
import { isUp, stateOf, toldProcess } from './containers/state.ts';
import { placeOfMaking } from './create.ts';
import { settled } from './end.ts';
import { gone, signal } from './gone.ts';
import { kill, processOf } from './kill.ts';
import { sayLeft, TRIES, undo } from './undo.ts';
import { ended } from './wait.ts';

/** What `rm` is told. */
export interface Removing {
  /** Those volumes, too, that nobody gave a name, unless another container uses them? */
  readonly volumes?: boolean;
  /** Also one that runs, and one whose record can't be read? */
  readonly force?: boolean;
}

// #region rm
/** Removes a container, with all that it wrote. @throws {StillRunning}, {NoSuchContainer} */
export function remove(id: string, { volumes = false, force = false }: Removing = {}): Promise<void> {
  return whileLocked(id, async () => {
    if (!force) refuseUp(id);
    const record = await settled(id).catch((error) => (force ? removeUnread(id, error) : Promise.reject(error)));
    if (!record) return;
    if (!processOf(record)) return removeEnded(record, volumes);
    if (!force) throw new StillRunning(record);
    const end = ended(record);
    await kill(record, SIGKILL);
    await end;
    await removeEnded(await settled(id), volumes);
    endShim(record);
  });
}
// #endregion

/** Before its end is settled: whether it waits to be started again isn't seen any more then. */
function refuseUp(id: string): void {
  const record = readRecord(id);
  if (record && isUp(stateOf(record))) throw new StillRunning(record);
}

/** The shim would start a Node in its turn, to clean up what is gone already. When many are removed, that takes minutes. */
function endShim({ run }: BoxRecord): void {
  if (run.status === 'begun' && run.shim) signal(run.shim, SIGKILL);
}

/** A container that runs can't be removed, unless by force. */
export class StillRunning extends Error {
  override readonly name = 'StillRunning';

  constructor(record: BoxRecord) {
    const { status } = stateOf(record);
    const what = status === 'paused' ? 'unpause' : 'stop';
    super(
      `cannot remove container "/${record.name}": container is ${status}: ${what} the container before removing or force remove`,
    );
  }
}

/** One whose record says nothing: what is known of its processes, its journal says. */
async function removeUnread(id: string, error: Error): Promise<undefined> {
  if (error instanceof NoSuchContainer) throw error;
  const process = toldProcess(id);
  if (process && signal(process, SIGKILL)) await gone(process);
  sayLeft(await undo({ id }, TRIES));
  moveAway(id);
}

/** Removes a container that doesn't run. To be called under its lock. */
export async function removeEnded(record: BoxRecord, volumes: boolean): Promise<void> {
  const { id, name, options, run } = record;
  if (run.status === 'exited' && run.restarting) signal(run.restarting, signalNumber('SIGTERM'));
  sayLeft(await undo(record, TRIES));
  moveAway(id, name);
  if (volumes)
    for (const volume of anonymousOf(record))
      if (keepersOf(volume).length === 0) removeVolume(options.volumesDirectory, volume); // else by --volumes-from
  tell('destroy', record);
}

/** Takes a container out of sight, and its name from it; then deletes it, which takes longer. */
function moveAway(id: string, name?: string): void {
  const away = placeOfMaking(id);
  makeDirectories(dirname(away), 0o700);
  whileNaming(() => {
    if (name === undefined) dropNamesOf(id);
    else dropName(name, id);
    if (existsSync(containerPath(id))) renameSync(containerPath(id), away);
  });
  rmSync(away, { recursive: true, force: true });
}

function anonymousOf({ options }: BoxRecord): string[] {
  const all = [...options.mounts, ...options.asked.anonymous];
  return all.flatMap((mount) => (mount.type === 'volume' && mount.anonymous ? [mount.name] : []));
}
