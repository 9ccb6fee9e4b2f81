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
import { changeOptions, parseOptions } from '../filesystems/filesystems.ts';
import { capable } from '../process/capabilities.ts';
import type { Filesystem, Mount, Place, State } from '../state.ts';
import {
  childrenOf,
  copyMount,
  copyTree,
  isDetached,
  isMounted,
  isOurs,
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
  return top.inode.removed || isLost(state, top.mount) ? fail('ENOENT') : top;
}

/** Unmounted, though somebody still has hold of it; and not merely attached nowhere yet. */
function isLost(state: State, mount: Mount): boolean {
  let top = mount;
  while (top.parent) top = top.parent;
  return mount.namespace === null && !isDetached(state, top);
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
  changeOptions(state, filesystem, options);
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
