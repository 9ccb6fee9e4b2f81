import { join } from 'node:path';
import {
  AT_EMPTY_PATH,
  AT_FDCWD,
  MOUNT_ATTR_IDMAP,
  mountSetattr,
  OPEN_TREE_CLOEXEC,
  OPEN_TREE_CLONE,
  openTree,
  perform,
} from 'shared-native';
import { type Action, directoriesIn, newFile, readState } from 'step-08';
import type { IdMap, Maps } from './maps.ts';
import { userNamespaceOf } from './throwaway.ts';

/** Who was who in a container is kept with its files: `diff` and `commit` want to know it when it has ended. */
export function keepMaps(directory: string, maps: Maps): Action {
  const file = newFile({ path: fileIn(directory), text: `${JSON.stringify(maps)}\n` });
  return { what: 'who is who, for those who look at its files later', when: 'before', do: [file], undo: [] };
}

// #region by the container's owners
/**
 * Where a container's upper directory can be seen by the owners that its files have in the container: an ID-mapped mount, as
 * those of its layers are, but the other way round. It is attached nowhere, and goes with this process.
 */
export async function asItsOwn(directory: string): Promise<string> {
  const { upper } = directoriesIn(directory);
  const maps = mapsOf(directory);
  if (!maps) return upper;
  const [seen] = await byOwners([upper], { uids: maps.uids.map(reversed), gids: maps.gids.map(reversed) });
  return seen ?? upper;
}
// #endregion

/** Where directories can be seen by the owners that these maps give their files: mounts that go with this process. */
export async function byOwners(paths: readonly string[], maps: Maps): Promise<string[]> {
  const userns = await userNamespaceOf(maps);
  return paths.map((path) => {
    const tree = perform(openTree(AT_FDCWD, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC));
    perform(mountSetattr(tree, '', AT_EMPTY_PATH, { attr_set: MOUNT_ATTR_IDMAP, userns_fd: userns }));
    return `/proc/self/fd/${tree}/.`; // the directory, and not the link
  });
}

/** Who is who in a container, as it was last started; undefined if everybody is who they are on the host. */
export function mapsOf(directory: string): Maps | undefined {
  const advice = 'its files can be looked at again when it has been started once more';
  return readState<Maps>(fileIn(directory), { uids: 'array', gids: 'array' }, advice);
}

function reversed({ inside, outside, count }: IdMap): IdMap {
  return { inside: outside, outside: inside, count };
}

function fileIn(directory: string): string {
  return join(directory, 'maps.json');
}
