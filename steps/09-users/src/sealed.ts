import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AT_FDCWD, type Call, close, MOVE_MOUNT_F_EMPTY_PATH, moveMount } from 'shared-native';
import { type Action, type Bind, kindOf, type Mount, mkdirp, newFile, treeAt } from 'step-08';
import type { Options } from './options.ts';

/** A bind that may only be read, and where its files are read-only for good. */
interface Sealed {
  readonly bind: Bind;
  readonly at: string;
}

// #region read-only for good
/**
 * Mounts the source of each read-only bind, read-only, at a place of the container's on the host. The container is born into
 * a copy of these mounts, made by one who has more power than its root: so they are locked, and that root can't make them
 * writable again, as it could a mount that it has made read-only itself (mount_namespaces(7)). Step 7 binds what is there.
 */
export function seal(options: Options): Call[] {
  return sealedIn(options).flatMap(({ bind, at }) => {
    const { tree, calls } = treeAt(bind.source, bind);
    return [...calls, moveMount(tree, '', AT_FDCWD, at, MOVE_MOUNT_F_EMPTY_PATH), close(tree)];
  });
}
// #endregion

/** Makes the places, of a file or a directory each. */
export function placesToSeal(options: Options): Action[] {
  const places = sealedIn(options).map(({ bind, at }) =>
    statSync(bind.source).isDirectory() ? mkdirp(at) : newFile({ path: at, text: '' }),
  );
  return places.length === 0
    ? []
    : [{ what: 'where read-only binds are locked', when: 'before', do: places, undo: [] }];
}

/** The mounts, with these places as the sources of those. */
export function fromSealed(options: Options): Mount[] {
  const places = new Map<Mount, string>(sealedIn(options).map(({ bind, at }) => [bind, at]));
  return options.mounts.map((one) => {
    const source = places.get(one);
    return source === undefined ? one : { ...(one as Bind), source, sourceKind: kindOf(one, '') };
  });
}

/** A source that is missing becomes an empty directory, in which there is nothing to be kept from anybody. */
function sealedIn({ mounts, directory }: Options): Sealed[] {
  const isSealed = (one: Mount): one is Bind => one.type === 'bind' && one.readOnly && existsSync(one.source);
  return mounts.filter(isSealed).map((bind, nth) => ({ bind, at: join(directory, `sealed-${nth}`) }));
}
