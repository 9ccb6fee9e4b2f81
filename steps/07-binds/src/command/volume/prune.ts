import { bytesSize, confirmed, happened, put } from 'step-06';
import { isUsed } from '../../volumes/lock.ts';
import { removeVolume } from '../../volumes/remove.ts';
import { sizeOf } from '../../volumes/size.ts';
import { dataOf, volumes, volumesDirectory } from '../../volumes/store.ts';
import { isWanted } from '../filter.ts';
import type { Keepers } from './keepers.ts';

interface PruneFlags {
  readonly all?: boolean;
  readonly force?: boolean;
  readonly filter?: string[];
}

/** Removes volumes that no container uses, and says how much room that made. */
export function prune(flags: PruneFlags, keepers: Keepers): number {
  const bytes = pruneVolumes(flags, keepers);
  if (bytes !== undefined) put(`Total reclaimed space: ${bytesSize(bytes)}\n`);
  return 0;
}

/** Removes volumes that no container uses, and says which. @returns the bytes that were in them; undefined if the answer was no */
export function pruneVolumes({ all, force, filter }: PruneFlags, keepers: Keepers): number | undefined {
  const wanted = isWanted(filter);
  const what = all ? 'all local volumes' : 'anonymous local volumes';
  if (!force && !confirmed(`This will remove ${what} not used by at least one container.`)) return undefined;
  const directory = volumesDirectory();
  const unused = volumes(directory).filter(
    (one) =>
      (all || one.anonymous) &&
      one.options === undefined && // what somebody chose to mount stays
      wanted(one) &&
      !isUsed(directory, one.name) &&
      keepers(one.name).length === 0,
  );
  let bytes = 0;
  const removed = unused.filter(({ name }) => {
    const size = sizeOf(dataOf(directory, name));
    const gone = removeVolume(directory, name);
    if (gone) bytes += size;
    return gone;
  });
  happened({ Type: 'volume', Action: 'prune', id: '', attributes: { reclaimed: String(bytes) } });
  if (removed.length > 0) put(`Deleted Volumes:\n${removed.map(({ name }) => `${name}\n`).join('')}\n`);
  return bytes;
}
