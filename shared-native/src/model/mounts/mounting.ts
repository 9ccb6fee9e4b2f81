import {
  CAP_SYS_ADMIN,
  MS_PRIVATE,
  MS_RDONLY,
  MS_REC,
  MS_SHARED,
  MS_SILENT,
  MS_SLAVE,
  MS_UNBINDABLE,
  O_RDWR,
  O_WRONLY,
} from '../../kernel/constants.ts';
import { fail } from '../errors.ts';
import { isBelow } from '../files/inode.ts';
import { lookUp } from '../files/path.ts';
import {
  assertMountable,
  filesystemType,
  makeFilesystem,
  type Options,
  parseOptions,
} from '../filesystems/filesystems.ts';
import { capable } from '../process/capabilities.ts';
import type { Filesystem, Mount, Place, State } from '../state.ts';
import {
  ATIME_FLAGS,
  childrenOf,
  copyMount,
  copyTree,
  isMounted,
  isOurs,
  makeMount,
  mayChangeFlags,
  subtree,
  topOf,
} from './mounts.ts';
import { attach, changePropagation, discard } from './propagation.ts';

// What mount(2) does, one thing for each of its manners.

/** Mounts belong to the user namespace that owns their mount namespace. @throws EPERM */
export function assertMayMount(state: State): void {
  const { owner } = state.process.namespaces.mnt;
  if (!capable(state, owner ?? state.firstUserNamespace, CAP_SYS_ADMIN)) fail('EPERM');
}

/** MS_BIND: what is at one place is seen at another as well. */
export function bind(state: State, source: string | null, target: Place, recursive: boolean): void {
  if (!source) fail('EINVAL');
  const from = lookUp(state, source, { follow: true });
  const place = mountPoint(state, target);
  if (!isOurs(state, place.mount)) fail('EINVAL');
  const copy = takeCopy(state, from, recursive);
  try {
    graft(state, copy, place);
  } catch (error) {
    discard(state, copy);
    throw error;
  }
}

/** A copy of a mount, or of the tree below a place, attached nowhere yet. @throws EINVAL */
export function takeCopy(state: State, { mount, inode }: Place, recursive: boolean): Mount {
  const isNamespace = inode.special?.kind === 'namespace';
  if (mount.unbindable || !(isOurs(state, mount) || isNamespace)) fail('EINVAL');
  const isHidden = (child: Mount) => child.locked && isBelow(child.at as Place['inode'], inode);
  if (!recursive && childrenOf(state, mount).some(isHidden)) fail('EINVAL');
  const copy = recursive ? (copyTree(state, mount, inode, {}).get(mount) as Mount) : copyMount(state, mount, inode, {});
  copy.locked = false;
  return copy;
}

/** Where a mount on this place goes: on top of all that is there. @throws ENOENT */
export function mountPoint(state: State, place: Place): Place {
  const top = topOf(state, place);
  return top.inode.removed || top.mount.namespace === null ? fail('ENOENT') : top;
}

/** A directory goes on a directory, a file on a file. @throws ENOTDIR */
export function graft(state: State, mount: Mount, place: Place): void {
  if ((mount.root.type === 'directory') !== (place.inode.type === 'directory')) fail('ENOTDIR');
  attach(state, mount, place);
}

/** MS_REMOUNT|MS_BIND: changes the flags of the one mount. @throws EINVAL, EPERM, EBUSY */
export function reconfigure(state: State, { mount, inode }: Place, flags: number): void {
  if (!isOurs(state, mount) || !isMounted({ mount, inode })) fail('EINVAL');
  if (!mayChangeFlags(mount, flags)) fail('EPERM');
  if (flags & MS_RDONLY && !(mount.flags & MS_RDONLY)) assertNotWritten(state, (file) => file === mount);
  mount.flags = flags;
}

/** MS_REMOUNT: changes the flags, and the filesystem itself. @throws EINVAL, EPERM, EBUSY */
export function remount(state: State, { mount, inode }: Place, flags: number, readOnly: boolean, data: string): void {
  if (!isOurs(state, mount) || !isMounted({ mount, inode })) fail('EINVAL');
  if (!mayChangeFlags(mount, flags)) fail('EPERM');
  const { filesystem } = mount;
  const options = parseOptions(state, filesystem.type, data);
  if (!capable(state, filesystem.owner, CAP_SYS_ADMIN)) fail('EPERM');
  setReadOnly(state, filesystem, readOnly || options.has('ro'));
  mount.flags = flags;
}

/** @throws EBUSY while a file is open for writing */
export function setReadOnly(state: State, filesystem: Filesystem, readOnly: boolean): void {
  if (readOnly && !filesystem.readOnly) assertNotWritten(state, (mount) => mount.filesystem === filesystem);
  filesystem.readOnly = readOnly;
}

/** @throws EBUSY */
export function assertNotWritten({ process }: State, concerns: (mount: Mount) => boolean): void {
  const isWritten = [...process.descriptors.values()].some(
    ({ file }) => file.flags & (O_WRONLY | O_RDWR) && file.place.inode.type === 'file' && concerns(file.place.mount),
  );
  if (isWritten) fail('EBUSY');
}

/** MS_SHARED, MS_PRIVATE, MS_SLAVE or MS_UNBINDABLE. @throws EINVAL */
export function changeTree(state: State, { mount, inode }: Place, flags: number): void {
  const type = flags & ~(MS_REC | MS_SILENT);
  if (!isMounted({ mount, inode }) || !isOurs(state, mount)) fail('EINVAL');
  if (![MS_SHARED, MS_PRIVATE, MS_SLAVE, MS_UNBINDABLE].includes(type)) fail('EINVAL');
  for (const one of flags & MS_REC ? subtree(state, mount) : [mount]) changePropagation(state, one, type);
}

/** MS_MOVE. @throws EINVAL, ELOOP */
export function moveTo(state: State, source: string | null, target: Place): void {
  if (!source) fail('EINVAL');
  move(state, lookUp(state, source, { follow: true }), target);
}

/** Moves an attached mount, or attaches a detached one. @throws EINVAL, ELOOP, ENOENT */
export function move(state: State, from: Place, to: Place): void {
  const { mount } = from;
  if (!isMounted(from)) fail('EINVAL');
  if ((mount.root.type === 'directory') !== (to.inode.type === 'directory')) fail('EINVAL');
  const place = mountPoint(state, to);
  const isAttached = isOurs(state, mount);
  if (isAttached && (!mount.parent || mount.locked || mount.parent.group !== 0)) fail('EINVAL');
  if (!isAttached && !isDetached(state, mount)) fail('EINVAL');
  if (!isOurs(state, place.mount)) fail('EINVAL');
  if (place.mount.group && subtree(state, mount).some(({ unbindable }) => unbindable)) fail('EINVAL');
  for (let at: Mount | null = place.mount; at; at = at.parent) if (at === mount) fail('ELOOP');
  attach(state, mount, place);
}

/** Taken by open_tree or fsmount, and not attached yet. */
function isDetached({ process }: State, mount: Mount): boolean {
  return [...process.descriptors.values()].some(({ file }) => file.detached && file.place.mount === mount);
}

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
