import {
  CAP_DAC_OVERRIDE,
  CAP_DAC_READ_SEARCH,
  CAP_FOWNER,
  CAP_NET_ADMIN,
  MS_NODEV,
  MS_NOEXEC,
  MS_RDONLY,
  S_ISVTX,
} from '../../kernel/constants.ts';
import { mayUseDevice } from '../cgroups/devices.ts';
import { fail } from '../errors.ts';
import { capable, capableOf, inGroup } from '../process/capabilities.ts';
import { gidIn, uidIn } from '../process/ids.ts';
import type { Inode, Mount, Place, State, UserNamespace } from '../state.ts';

export const MAY_EXEC = 1;
export const MAY_WRITE = 2;
export const MAY_READ = 4;

/** @throws EACCES, or EROFS for writing to a filesystem that is read-only (inode_permission in the kernel) */
export function assertMay(state: State, inode: Inode, mask: number): void {
  const isNode = ['file', 'directory', 'symlink'].includes(inode.type);
  if (mask & MAY_WRITE && inode.filesystem.readOnly && isNode) fail('EROFS');
  if (mask & MAY_WRITE && isImmutable(inode)) fail('EPERM');
  if (mask & MAY_WRITE && !isMapped(inode, inode.filesystem.owner)) fail('EACCES');
  if (!permits(state, inode, mask) && !overrides(state, inode, mask) && !isOwnDescriptors(state, inode)) fail('EACCES');
  if (isDevice(inode) && !mayUseDevice(state, inode, access(mask))) fail('EPERM');
}

export function isDevice({ type }: Pick<Inode, 'type'>): boolean {
  return type === 'character' || type === 'block';
}

const access = (mask: number) => `${mask & MAY_READ ? 'r' : ''}${mask & MAY_WRITE ? 'w' : ''}`;

/** The files of namespaces, and the directories of processes in /proc. */
function isImmutable({ special }: Inode): boolean {
  return special?.kind === 'namespace' || (special?.kind === 'proc' && special.what === 'process');
}

/** A process may look at its own descriptors in /proc, whoever owns that directory. */
function isOwnDescriptors({ process }: State, { special }: Inode): boolean {
  return special?.kind === 'proc' && special.what === 'fd' && special.pid === process.hostPid;
}

/** What the mode says. Only the first that fits of owner, group and others counts. */
function permits(state: State, { mode, uid, gid }: Inode, mask: number): boolean {
  const shift = state.process.fsuid === uid ? 6 : inGroup(state, gid) ? 3 : 0;
  return (mask & ~(mode >> shift) & 7) === 0;
}

/** What capabilities(7) allow beyond the mode: not to execute a file that no one may. */
function overrides(state: State, inode: Inode, mask: number): boolean {
  if (isVariable(inode)) return overridesVariable(state, inode, mask);
  const isDirectory = inode.type === 'directory';
  const onlyReads = isDirectory ? (mask & MAY_WRITE) === 0 : mask === MAY_READ;
  if (onlyReads && capableOf(state, inode, CAP_DAC_READ_SEARCH)) return true;
  if (!isDirectory && mask & MAY_EXEC && (inode.mode & 0o111) === 0) return false;
  return capableOf(state, inode, CAP_DAC_OVERRIDE);
}

/** Below /proc/sys. */
function isVariable({ special }: Inode): boolean {
  return special?.kind.endsWith('sysctl') || (special?.kind === 'proc' && special.what.startsWith('sys/'));
}

/** Of capabilities only one helps here, and only with the network's variables: CAP_NET_ADMIN allows what root may do. */
function overridesVariable(state: State, { special, mode }: Inode, mask: number): boolean {
  if (special?.kind !== 'sysctl') return false;
  const mayAsRoot = (mask & ~(mode >> 6) & 7) === 0;
  return mayAsRoot && capable(state, special.network.owner as UserNamespace, CAP_NET_ADMIN);
}

function isMapped({ uid, gid }: Inode, namespace: UserNamespace): boolean {
  return uidIn(namespace, uid) !== undefined && gidIn(namespace, gid) !== undefined;
}

/** Owner of a file, or as good as. */
export function ownsOrCapable(state: State, inode: Inode): boolean {
  return state.process.fsuid === inode.uid || capableOf(state, inode, CAP_FOWNER);
}

/** @throws ENOENT, EOVERFLOW, EROFS, EACCES */
export function assertMayCreate(state: State, directory: Inode): void {
  if (directory.removed) fail('ENOENT');
  const { fsuid, fsgid } = state.process;
  const { owner } = directory.filesystem;
  if (uidIn(owner, fsuid) === undefined || gidIn(owner, fsgid) === undefined) fail('EOVERFLOW');
  assertMay(state, directory, MAY_WRITE | MAY_EXEC);
}

/** @throws EACCES, EPERM, ENOTDIR, EISDIR, EBUSY, ENOENT */
export function assertMayDelete(state: State, directory: Inode, victim: Inode, isDirectory: boolean): void {
  if (!isMapped(victim, victim.filesystem.owner)) fail('EOVERFLOW');
  assertMay(state, directory, MAY_WRITE | MAY_EXEC);
  const { fsuid } = state.process;
  const sticky = directory.mode & S_ISVTX && victim.uid !== fsuid && directory.uid !== fsuid;
  if (sticky && !capableOf(state, victim, CAP_FOWNER)) fail('EPERM');
  if (isDirectory && victim.type !== 'directory') fail('ENOTDIR');
  if (!isDirectory && victim.type === 'directory') fail('EISDIR');
  if (directory.removed) fail('ENOENT');
}

/** May nothing be written through this mount? */
export function isReadOnly({ flags, filesystem }: Mount): boolean {
  return (flags & MS_RDONLY) !== 0 || filesystem.readOnly;
}

/** @throws EROFS */
export function assertWritable(mount: Mount): void {
  if (isReadOnly(mount)) fail('EROFS');
}

/** Do devices there work? Not where a user namespace mounted the filesystem. */
export function allowsDevices(state: State, { mount: { flags, filesystem } }: Place): boolean {
  if (filesystem.type === 'devpts') return (flags & MS_NODEV) === 0;
  return (flags & MS_NODEV) === 0 && filesystem.owner === state.firstUserNamespace && !NO_DEVICES.has(filesystem.type);
}

/** May programs be executed there? */
export function allowsPrograms({ mount: { flags, filesystem } }: Place): boolean {
  return (flags & MS_NOEXEC) === 0 && !NO_PROGRAMS.has(filesystem.type);
}

const NO_DEVICES = new Set(['proc', 'sysfs', 'mqueue', 'cgroup', 'cgroup2']);
const NO_PROGRAMS = new Set(['proc', 'sysfs', 'mqueue', 'nsfs', 'pipefs', 'sockfs', 'cgroup', 'cgroup2']);
