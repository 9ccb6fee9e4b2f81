import { openSync } from 'node:fs';
import { identity, userFiles } from 'step-08';
import { type Maps, outside } from './maps.ts';
import type { Options } from './options.ts';
import { shared, usersFor } from './sharing.ts';
import { userNamespaceOf } from './throwaway.ts';
import { userNamespace } from './user-namespace.ts';
import { leasedMaps } from './whose.ts';

/** Leases the ids that are to be the container's own, and looks how its files can have other owners. */
export async function prepare(options: Options): Promise<Options> {
  const { of } = usersFor(options);
  const maps = shared(options).length > 0 ? usersFor(options).maps : leasedMaps(options.userns);
  if (!maps) return options;
  assertMapped(options, maps);
  const known = { ...options, ...(of ? {} : { maps }) };
  if (!userNamespace().isFirst) return known;
  const idmap = of ? openSync(`/proc/${of.pid}/ns/user`, 'r') : await userNamespaceOf(maps);
  return { ...known, idmap };
}

/** @throws {Error} if the one that it's to run as is nobody in it */
function assertMapped({ user, groupAdd, rootfs }: Options, { uids, gids }: Maps): void {
  const { uid, gid, groups } = identity(user, groupAdd, userFiles(rootfs));
  const group = [gid, ...groups].find((one) => outside(gids, one) === undefined);
  const lacking = outside(uids, uid) === undefined ? `user ${uid}` : group === undefined ? undefined : `group ${group}`;
  if (lacking === undefined) return;
  throw new Error(
    `the container has no ${lacking}: give it more ids (--userns auto:size=NUMBER, --uidmap, --gidmap), or --userns host`,
  );
}
