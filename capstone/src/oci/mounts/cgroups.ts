import { basename } from 'node:path';
import {
  AT_EMPTY_PATH,
  type Call,
  close,
  FSMOUNT_CLOEXEC,
  FSOPEN_CLOEXEC,
  fsconfigCreate,
  fsconfigSetString,
  fsmount,
  fsopen,
  MOUNT_ATTR_NODEV,
  MOUNT_ATTR_NOEXEC,
  MOUNT_ATTR_NOSUID,
  MOUNT_ATTR_RDONLY,
  MOVE_MOUNT_F_EMPTY_PATH,
  MOVE_MOUNT_T_EMPTY_PATH,
  mkdirat,
  mountSetattr,
  moveMount,
  O_CLOEXEC,
  O_DIRECTORY,
  O_PATH,
  openat,
  symlinkat,
} from 'shared-native';
import { treeAt } from 'step-10';
import type { CgroupPlace } from '../cgroups/place.ts';
import type { OciMount } from '../config/schema.ts';
import { type Mounting, type MountsOf, placeOf } from './mounts.ts';
import { mountOptions } from './options.ts';

const SAFE = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC;

// #region v1's cgroups, seen from inside
/** The container's own cgroups of v1, each in a directory named for its controllers; v2's beside them, where there is one. */
export function v1Mounting(mount: OciMount, of: MountsOf, places: readonly CgroupPlace[]): Mounting {
  const { own } = mountOptions(mount.options ?? []);
  const readOnly = (own.set & MOUNT_ATTR_RDONLY) !== 0;
  const context = fsopen('tmpfs', FSOPEN_CLOEXEC);
  const tree = fsmount(context, FSMOUNT_CLOEXEC, SAFE);
  const at = placeOf(mount.destination, 'directory', of);
  const place = at.at(-1) as Call;
  const both = MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH;
  const all = places.map((one) => below(one, tree, readOnly));
  return {
    join: all.flatMap(({ join }) => join),
    setup: [
      ...[context, fsconfigSetString(context, 'mode', '755'), fsconfigCreate(context), tree, close(context)],
      ...[...at, moveMount(tree, '', place, '', both), close(place)],
      ...all.flatMap(({ setup }) => setup),
      ...(readOnly ? [mountSetattr(tree, '', AT_EMPTY_PATH, { attr_set: MOUNT_ATTR_RDONLY })] : []),
      close(tree),
    ],
    last: [],
  };
}
// #endregion

function below({ hierarchy, cgroup }: CgroupPlace, directory: Call, readOnly: boolean) {
  const name = hierarchy.version === 2 ? 'unified' : hierarchy.controllers.join(',') || basename(hierarchy.mount);
  const manner = { readOnly, readOnlyBelow: false, recursive: false, propagation: 'rprivate' } as const;
  const { tree, calls } = treeAt(cgroup, manner);
  const there = openat(directory, name, O_PATH | O_DIRECTORY | O_CLOEXEC);
  const both = MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH;
  const others = name.includes(',') ? hierarchy.controllers : [];
  return {
    join: calls,
    setup: [
      ...[mkdirat(directory, name, 0o755), there, moveMount(tree, '', there, '', both), close(there), close(tree)],
      ...others.map((one) => symlinkat(name, directory, one)),
    ],
  };
}
