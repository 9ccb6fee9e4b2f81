import { closeSync, openSync } from 'node:fs';
import { identity, isLinuxSince, lowersOf, untilBegun, userFiles } from 'step-08';
import { canIdmap } from './can-idmap.ts';
import { toRaise } from './hard-limits.ts';
import { type Maps, outside } from './maps.ts';
import type { Options } from './options.ts';
import { howToHaveIds } from './rootless/own-maps.ts';
import { shared, type Users, usersFor } from './sharing.ts';
import { userNamespaceOf } from './throwaway.ts';
import { userNamespace } from './user-namespace.ts';
import { leasedMaps } from './whose.ts';

/** Leases the ids that are to be the container's own, and looks how its files can have other owners. */
export async function prepare(wanted: Options): Promise<Options> {
  const users: Users = shared(wanted).length > 0 ? usersFor(wanted) : { maps: leasedMaps(wanted.userns) };
  const { maps } = users;
  if (!maps) return inCommands(wanted);
  assertMapped(wanted, maps, 'give it more ids (--userns auto:size=NUMBER, --uidmap, --gidmap), or --userns host');
  const raised = toRaise(wanted.ulimits);
  const options = users.of ? { ...wanted, raised } : { ...wanted, raised, maps };
  if (options.copied) return options;
  const idmap = users.of ? openSync(`/proc/${users.of.pid}/ns/user`, 'r') : await userNamespaceOf(maps);
  if (hasIdmappedLayers() && lowersOf(options).every((lower) => canIdmap(lower, idmap)))
    return { ...options, idmap: untilBegun(idmap) };
  closeSync(idmap);
  return { ...options, copied: true };
}

/** Since Linux 5.19 an overlay's layers may be ID-mapped. */
function hasIdmappedLayers(): boolean {
  return isLinuxSince(5, 19);
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
