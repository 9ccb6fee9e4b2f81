import { MS_RDONLY } from '../../kernel/constants.ts';
import { fail } from '../errors.ts';
import { assertMountable, filesystemType, makeFilesystem, parseOptions } from '../filesystems/filesystems.ts';
import type { Options } from '../filesystems/types.ts';
import type { Filesystem, Mount, Place, State } from '../state.ts';
import { mountPoint } from './mounting.ts';
import { ATIME_FLAGS, childrenOf, isMounted, isOurs, makeMount } from './mounts.ts';
import { attach } from './propagation.ts';

interface NewMount {
  readonly source: string | null;
  readonly target: Place;
  readonly type: string | null;
  readonly flags: number;
  readonly readOnly: boolean;
  readonly data: string;
}

/** A filesystem at a place. @throws EINVAL, ENODEV, EPERM, EBUSY, ENOTDIR */
export function mountNew(state: State, { source, target, type, flags, readOnly, data }: NewMount): void {
  if (type === null) fail('EINVAL');
  filesystemType(state, type);
  const options = parseOptions(state, type, data);
  assertMountable(state, type);
  const filesystem = makeFilesystem(state, type, options, readOnly);
  const visible = newlyVisible(state, filesystem, flags | (readOnly ? MS_RDONLY : 0)) ?? fail('EPERM');
  const place = mountPoint(state, target);
  if (!isOurs(state, place.mount)) fail('EINVAL');
  if (place.mount.filesystem === filesystem && isMounted(place)) fail('EBUSY');
  if (place.inode.type !== 'directory') fail('ENOTDIR');
  const mount = makeNewMount(state, filesystem, sourceOf(source, options), flags);
  mount.lockedFlags = visible;
  attach(state, mount, place);
}

/** The mount of a filesystem: of a tree of cgroups, what the cgroup namespace shows of it. */
export function makeNewMount(state: State, filesystem: Filesystem, source: string, flags: number): Mount {
  const mount = makeMount(state, filesystem, source, flags);
  const root = state.process.namespaces.cgroup.roots.find(({ special }) => {
    return special?.kind === 'cgroup' && special.cgroup.hierarchy === filesystem.hierarchy;
  });
  return root ? Object.assign(mount, { root }) : mount;
}

function sourceOf(source: string | null, options: Options): string {
  return options.get('source') ?? source ?? 'none';
}

/**
 * In a user namespace, proc and sysfs may be mounted only where one is visible already in full, and not with more than
 * that one allows. @returns the flags that are locked as they are there, or `undefined` if there is none
 */
export function newlyVisible(state: State, { type }: Filesystem, flags: number): number | undefined {
  const { mnt } = state.process.namespaces;
  if (mnt.owner === state.firstUserNamespace || !['proc', 'sysfs'].includes(type)) return 0;
  for (const mount of state.mounts) {
    if (mount.namespace !== mnt || mount.filesystem.type !== type || mount.root !== mount.filesystem.root) continue;
    const locked = mount.lockedFlags | (mount.filesystem.readOnly ? MS_RDONLY : 0);
    if (locked & MS_RDONLY && !(flags & MS_RDONLY)) continue;
    if (locked & ATIME_FLAGS && (mount.flags ^ flags) & ATIME_FLAGS) continue;
    const hides = childrenOf(state, mount).some(({ locked, at }) => locked && at?.special?.kind !== 'mount point');
    if (!hides) return locked & (MS_RDONLY | ATIME_FLAGS);
  }
  return undefined;
}
