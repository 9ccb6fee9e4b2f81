import { type KeepId, MOST_IDS, SIZE, type Userns } from './flags/userns.ts';
import { from0, type IdMap, inARow, type Maps, outside } from './maps.ts';
import { leaseMaps, leaseNamed } from './ranges/lease.ts';
import { pool, rangesOf } from './ranges/pool.ts';
import { nthRange } from './ranges/range.ts';
import { type UserNamespace, userNamespace } from './user-namespace.ts';

/** The ids that a container is to have, leased; undefined for those of the user namespace that this process is in. */
export function leasedMaps(userns: Userns): Maps | undefined {
  if (userns.mode === 'auto') return leaseMaps(userns.size);
  const maps = namedMaps(userns);
  return maps && leaseNamed(maps);
}

/** The same, as long as nothing is leased: for a plan that isn't carried out. */
export function plannedMaps(userns: Userns): Maps | undefined {
  if (userns.mode !== 'auto') return namedMaps(userns);
  const first = (kind: 'uids' | 'gids') => nthRange(pool(kind), userns.size, 0) ?? 0;
  return { uids: from0(first('uids'), userns.size), gids: from0(first('gids'), userns.size) };
}

function namedMaps(userns: Exclude<Userns, { mode: 'auto' }>): Maps | undefined {
  if (userns.mode === 'maps') return userns.maps;
  if (userns.mode === 'of')
    return { uids: inARow(rangesOf('uids', userns.user), 0), gids: inARow(rangesOf('gids', userns.group), 0) };
  return userns.mode === 'keep-id' ? keepId(userNamespace(), userns) : undefined;
}

/**
 * Ids with which the person who typed the command is the same user in the container as outside, or the one that was asked for.
 *
 * @param here - the user namespace of this process: root in it is that person
 * @throws {Error} if root is root: then there's nobody to be the same
 */
function keepId(here: UserNamespace, wanted: KeepId): Maps {
  if (here.isFirst)
    throw new Error(
      '--userns keep-id is for an ordinary user, who stays the same user inside: leave out sudo, or give --userns auto',
    );
  const { uid, gid } = keptIds(here, wanted);
  return { uids: keeping(here.uids, uid), gids: keeping(here.gids, gid) };
}

/** Who that is in the container. */
export function keptIds(here: UserNamespace, { uid, gid }: KeepId): { uid: number; gid: number } {
  return { uid: uid ?? outside(here.uids, 0) ?? 0, gid: gid ?? outside(here.gids, 0) ?? 0 };
}

/** Root here becomes `self` inside; those below it move down by one. */
function keeping(map: readonly IdMap[], self: number): IdMap[] {
  const size = Math.min(Math.max(0, ...map.map(({ inside, count }) => inside + count)), SIZE, MOST_IDS);
  const before = Math.min(self, size - 1);
  const after = size - 1 - before;
  return [
    ...(before > 0 ? [{ inside: 0, outside: 1, count: before }] : []),
    { inside: self, outside: 0, count: 1 },
    ...(after > 0 ? [{ inside: self + 1, outside: before + 1, count: after }] : []),
  ];
}
