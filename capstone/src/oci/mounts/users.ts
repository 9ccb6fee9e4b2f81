import { closeSync } from 'node:fs';
import { userNamespaceOf } from 'step-10';
import type { Config, OciIdMap, OciMount } from '../config/schema.ts';
import { mountOptions } from './options.ts';

/** For each ID-mapped mount, the descriptor of a user namespace with its map: mount_setattr(2). */
export type MountUsers = ReadonlyMap<OciMount, number>;

type Maps = readonly [uids: readonly OciIdMap[], gids: readonly OciIdMap[]];

/** The map of an ID-mapped mount: its own, or the container's. @returns undefined for another mount */
export function usersOf({ linux = {} }: Config, mount: OciMount): Maps | undefined {
  const { uidMappings = [], gidMappings = [], options = [], destination, type } = mount;
  const parsed = mountOptions(options);
  const own: Maps = [uidMappings, gidMappings];
  const hasOwn = own.some(({ length }) => length > 0);
  if (!parsed.idmap && !hasOwn) return undefined;
  const maps: Maps = hasOwn ? own : [linux.uidMappings ?? [], linux.gidMappings ?? []];
  if (maps.some(({ length }) => length === 0))
    throw new Error(`mount at ${destination}: an ID-mapped mount needs both uidMappings and gidMappings`);
  if (!parsed.bind && type !== 'bind') throw new Error(`mount at ${destination}: only a bind mount can be ID-mapped`);
  return maps;
}

/** Makes the user namespaces of all ID-mapped mounts. To be closed by `closeUsers`. @throws {Error} for a map that the kernel refuses */
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
