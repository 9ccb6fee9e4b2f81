import { closeSync, openSync } from 'node:fs';
import {
  AT_FDCWD,
  type Call,
  CLONE_NEWNS,
  fchdir,
  MOVE_MOUNT_F_EMPTY_PATH,
  MS_PRIVATE,
  MS_REC,
  mount,
  moveMount,
  O_CLOEXEC,
  O_DIRECTORY,
  O_PATH,
  perform,
  SyscallError,
  setns,
  unshare,
} from 'shared-native';
import {
  attach,
  carryOut,
  containerPath,
  type Deed,
  dataOf,
  directoriesIn,
  kindOf,
  type Mount,
  placeAt,
  treeAt,
  undoAll,
} from 'step-10';
import { makeHere } from 'step-10/files';
import type { BoxRecord } from '../containers/record.ts';
import { planOf, refreshed } from '../plan.ts';

/** What a container has mounted when it runs, but for what is only in memory then, by place. */
export function mountsOf({ options }: BoxRecord): Mount[] {
  return options.mounts.filter(({ type }) => type !== 'tmpfs');
}

const DIRECTORY = O_PATH | O_DIRECTORY | O_CLOEXEC;

// #region volumes of a container that doesn't run
/**
 * Attaches what a container that doesn't run has mounted when it does to its root, which is attached nowhere: in a mount
 * namespace that this thread enters and leaves at once. It ends with the last descriptor of it, and the mounts with it.
 *
 * Its volumes are made, and filled, as at its start: or what is copied into one would keep it from being filled.
 *
 * @returns what ends it; undefined where the kernel can't move such a root
 */
export async function mountIn(
  root: number,
  record: BoxRecord,
  mounts: readonly Mount[],
): Promise<(() => Promise<void>) | undefined> {
  const volumes = volumesOf(record, root);
  const leave = () => undoAll(volumes.undo);
  try {
    for (const deed of volumes.do) await carryOut(deed);
    const namespace = attached(root, record, mounts);
    if (namespace === undefined) await leave();
    else
      return async () => {
        closeSync(namespace);
        await leave();
      };
  } catch (error) {
    await leave();
    throw error;
  }
}

function volumesOf(record: BoxRecord, root: number): { do: Deed[]; undo: Deed[] } {
  const rootfs = `/proc/self/fd/${root}`; // where a volume is filled from: all layers of its image
  const options = { ...refreshed(record), rootfs, networks: [{ network: 'none', aliases: [] }] };
  const actions = planOf(record, options).actions.filter((action) => action.do.some(isVolume));
  return { do: actions.flatMap((one) => one.do), undo: actions.flatMap(({ undo }) => undo) };
}

function isVolume(deed: Deed): boolean {
  return deed.deed === 'other' && deed.kind === 'volume';
}

/** @returns a descriptor of the mount namespace */
function attached(root: number, record: BoxRecord, mounts: readonly Mount[]): number | undefined {
  const before = openSync('/proc/thread-self/ns/mnt', 'r');
  const here = openSync('.', DIRECTORY);
  try {
    perform(unshare(CLONE_NEWNS));
    try {
      perform(mount(null, '/', null, MS_REC | MS_PRIVATE));
      if (!isMoved(root, directoriesIn(containerPath(record.id)).merged)) return undefined;
      for (const one of mounts) attachOne(root, one, record.options.volumesDirectory);
      return openSync('/proc/thread-self/ns/mnt', 'r');
    } finally {
      perform(setns(before, CLONE_NEWNS));
      perform(fchdir(here));
    }
  } finally {
    for (const descriptor of [before, here]) closeSync(descriptor);
  }
}

/** An older kernel has made the root in a mount namespace that is gone, and moves it to no other. */
function isMoved(root: number, to: string): boolean {
  try {
    perform(moveMount(root, '', AT_FDCWD, to, MOVE_MOUNT_F_EMPTY_PATH));
    return true;
  } catch (error) {
    if (error instanceof SyscallError) return false;
    throw error;
  }
}

/** Links are followed within the root, as when the container starts. */
function attachOne(root: number, one: Mount, volumesDirectory: string): void {
  if (one.type === 'tmpfs') return;
  const { readOnly, target } = one;
  const source = one.type === 'bind' ? one.source : dataOf(volumesDirectory, one.name);
  const manner = { readOnly, readOnlyBelow: true, recursive: true, propagation: 'rprivate' } as const;
  const { tree, calls } = treeAt(source, manner, one.type === 'volume' ? one.subpath : '');
  const place = placeAt(root, target, kindOf(one, volumesDirectory));
  makeHere([...calls, ...place, ...attach(tree, place.at(-1) as Call)]);
}
// #endregion
