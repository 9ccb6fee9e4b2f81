import { asText, type Call, fchdir, MS_BIND, MS_RDONLY, MS_REMOUNT, mount } from 'shared-native';
import * as previous from 'step-06';
import { extend, type Plan, resolveInside } from 'step-06';
import { kindOf } from './flags/source.ts';
import { hostActions } from './host.ts';
import type { Mount } from './mount.ts';
import type { Options } from './options.ts';
import { attach, openRoot, placeAt } from './place.ts';
import { modeOf, targetIn } from './target.ts';
import { memory } from './tmpfs.ts';
import { type Tree, treeAt } from './tree.ts';
import { dataOf } from './volumes/store.ts';

// #region what is the host's, seen inside
/**
 * Step 06's container, with the host's files, volumes and filesystems in memory that were asked for.
 *
 * The trees are copied `first`. Step 1 then makes all mounts in this mount namespace private, but these are attached nowhere,
 * so they keep their propagation. They are attached last, when the old root is gone: as long as it lies on top of the new
 * one, `..` in an image's link leads to it. Only after that may the root become read-only, because mount points are made in it.
 */
export function plan(options: Options): Plan {
  const root = openRoot();
  const mounts = options.mounts.map((mount) => ({ ...treeOf(mount, options), place: placeOf(mount, options, root) }));
  const attached = mounts.flatMap(({ tree, place }) => [...place, ...attach(tree, place.at(-1) as Call)]);
  const workdir = workdirIn(options, root);
  return extend(previous.plan(options), 'step-07', {
    actions: hostActions(options),
    first: { setup: mounts.flatMap(({ calls }) => calls) },
    ...(mounts.length > 0 && {
      without: { calls: isReadOnlyRoot },
      leave: [root, ...attached, ...workdir, ...workdir.slice(-1).map(fchdir), ...readOnlyRoot(options)],
    }),
  });
}
// #endregion

/** Step 2's last call, which comes after the places to mount on are made. */
const READ_ONLY_ROOT = mount(null, '/', null, MS_REMOUNT | MS_BIND | MS_RDONLY);

function readOnlyRoot({ readOnly }: Options): Call[] {
  return readOnly ? [READ_ONLY_ROOT] : [];
}

function isReadOnlyRoot(call: Call): boolean {
  return asText(call) === asText(READ_ONLY_ROOT);
}

/** A tree to mount, attached nowhere yet. */
function treeOf(mount: Mount, { rootfs, volumesDirectory }: Options): Tree {
  if (mount.type === 'tmpfs') return memory(mount, modeOf(rootfs, mount.target));
  if (mount.type === 'bind') return treeAt(mount.source, mount);
  return treeAt(dataOf(volumesDirectory, mount.name), { ...mount, ...AS_VOLUMES_ARE }, mount.subpath);
}

const AS_VOLUMES_ARE = { recursive: true, readOnlyBelow: true, propagation: 'rprivate' } as const;

function placeOf(mount: Mount, { rootfs, volumesDirectory }: Options, root: Call): Call[] {
  return placeAt(root, targetIn(rootfs, mount.target), kindOf(mount, volumesDirectory));
}

/** Step 4 has already opened the working directory, which wouldn't show a mount made over it since then. */
function workdirIn({ rootfs, workdir, mounts }: Options, root: Call): Call[] {
  const path = resolveInside(rootfs, workdir);
  const isCovered = mounts.some(({ target }) => `${path}/`.startsWith(`${targetIn(rootfs, target)}/`));
  return isCovered ? placeAt(root, path, 'directory') : [];
}
