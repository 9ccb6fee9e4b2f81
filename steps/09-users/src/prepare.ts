import { openSync } from 'node:fs';
import { identity, userFiles } from 'step-08';
import { type Maps, outside } from './maps.ts';
import type { Options } from './options.ts';
import { howToHaveIds } from './rootless/own-maps.ts';
import { shared, usersFor } from './sharing.ts';
import { userNamespaceOf } from './throwaway.ts';
import { userNamespace } from './user-namespace.ts';
import { leasedMaps } from './whose.ts';

/** Leases the ids that are to be the container's own, and looks how its files can have other owners. */
export async function prepare(options: Options): Promise<Options> {
  const { of } = usersFor(options);
  const maps = shared(options).length > 0 ? usersFor(options).maps : leasedMaps(options.userns);
  if (!maps) return inCommands(options);
  assertMapped(options, maps, 'give it more ids (--userns auto:size=NUMBER, --uidmap, --gidmap), or --userns host');
  const known = { ...options, ...(of ? {} : { maps }) };
  if (!userNamespace().isFirst) return known;
  const idmap = of ? openSync(`/proc/${of.pid}/ns/user`, 'r') : await userNamespaceOf(maps);
  return { ...known, idmap };
}

/** A container in the user namespace of the command that starts it has the users that are there. */
function inCommands(options: Options): Options {
  const here = userNamespace();
  if (!here.isFirst) assertMapped(options, here, `give yourself more ids. Type: ${howToHaveIds()}`);
  return options;
}

/** @throws {Error} if the one that it's to run as is nobody in it */
function assertMapped({ user, groupAdd, rootfs }: Options, { uids, gids }: Maps, advice: string): void {
  const { uid, gid, groups } = identity(user, groupAdd, userFiles(rootfs));
  const group = [gid, ...groups].find((one) => outside(gids, one) === undefined);
  const lacking = outside(uids, uid) === undefined ? `user ${uid}` : group === undefined ? undefined : `group ${group}`;
  if (lacking === undefined) return;
  throw new Error(`the container has no ${lacking}: ${advice}`);
}
