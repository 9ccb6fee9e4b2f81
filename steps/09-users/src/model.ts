import { basename, dirname } from 'node:path';
import { mkdir, tolerate } from 'shared-native';
import {
  type Found,
  fail,
  leadsTo,
  plant,
  runIn,
  type State,
  type Tree,
  type UserNamespace,
} from 'shared-native/model';
import { directoriesTo } from 'step-08';
import { modelDeed } from 'step-08/model';
import { type Copy, mapped } from './copied.ts';
import type { IdMap, Maps } from './maps.ts';

export * from 'step-08/model';

/** Maps as a user namespace of the model has them. */
export function modelledMaps({ uids, gids }: Maps): Pick<UserNamespace, 'uidMap' | 'gidMap'> {
  const ranges = (ids: readonly IdMap[]) =>
    ids.map(({ inside, outside, count }) => ({ inside, outside, length: count }));
  return { uidMap: ranges(uids), gidMap: ranges(gids) };
}

modelDeed('copy-by-owners', (state: State, { from, to, maps }: Copy) => {
  const found = leadsTo(state, from);
  if (typeof found === 'string') return fail(found);
  if (typeof leadsTo(state, to) === 'object') return; // it was made for another container
  runIn(
    state,
    directoriesTo(dirname(to)).map((path) => tolerate(mkdir(path, 0o755), 'EEXIST')),
  );
  const { inode } = leadsTo(state, dirname(to)) as Found;
  plant(state, inode, byOwners(found.inode, basename(to), maps));
});

/** A file and all below it, by path, with the owners that a copy of it has. */
function byOwners({ type, mode, uid, gid, text, rdev, entries }: Found['inode'], path: string, maps: Maps): Tree {
  const owned = { uid: Number(mapped(maps.uids, BigInt(uid))), gid: Number(mapped(maps.gids, BigInt(gid))) };
  const below = [...entries].map(([name, inode]) => byOwners(inode, `${path}/${name}`, maps));
  return Object.assign({ [path]: { type, mode, text, rdev, ...owned } }, ...below);
}
