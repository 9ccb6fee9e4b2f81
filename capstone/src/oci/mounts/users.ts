import { closeSync } from 'node:fs';
import { userNamespaceOf } from 'step-10';
import type { Config, OciIdMap, OciMount } from '../config/schema.ts';
import { mountOptions } from './options.ts';

/** Of each mount that has users other than its filesystem's, the descriptor of a user namespace with them. */
export type MountUsers = ReadonlyMap<OciMount, number>;

type Maps = readonly [uids: readonly OciIdMap[], gids: readonly OciIdMap[]];

/** Whose a mount's files are: its own map, or the container's. @returns undefined if they are whose they are */
export function usersOf({ linux = {} }: Config, mount: OciMount): Maps | undefined {
  const { uidMappings = [], gidMappings = [], options = [], destination, type } = mount;
  const parsed = mountOptions(options);
  const own: Maps = [uidMappings, gidMappings];
  const hasOwn = own.some(({ length }) => length > 0);
  if (!parsed.idmap && !hasOwn) return undefined;
  const maps: Maps = hasOwn ? own : [linux.uidMappings ?? [], linux.gidMappings ?? []];
  if (maps.some(({ length }) => length === 0))
    throw new Error(`mount at ${destination}: it has users of its own, and needs both uidMappings and gidMappings`);
  if (!parsed.bind && type !== 'bind')
    throw new Error(`mount at ${destination}: only a bind mount can have users of its own`);
  return maps;
}

/** Makes the user namespaces that mounts need. To be closed by `closeUsers`. @throws {Error} for a map that the kernel refuses */
export async function openUsers(config: Config): Promise<MountUsers> {
  const users = new Map<OciMount, number>();
  try {
    for (const mount of config.mounts ?? []) {
      const maps = usersOf(config, mount);
      if (maps) users.set(mount, await openNamespace(maps, mount));
    }
    return users;
  } catch (error) {
    closeUsers(users);
    throw error;
  }
}

export function closeUsers(users: MountUsers): void {
  for (const fd of users.values()) closeSync(fd);
}

async function openNamespace([uids, gids]: Maps, { destination }: OciMount): Promise<number> {
  try {
    return await userNamespaceOf({ uids: uids.map(asMap), gids: gids.map(asMap) });
  } catch (error) {
    throw new Error(`mount at ${destination}: can’t map its users: ${(error as Error).message}`, { cause: error });
  }
}

/** A line of /proc/PID/uid_map. */
export function asMap({ containerID, hostID, size }: OciIdMap) {
  return { inside: containerID, outside: hostID, count: size };
}
