import {
  type Argument,
  AT_FDCWD,
  AT_RECURSIVE,
  type Call,
  MOUNT_ATTR_RDONLY,
  MS_BIND,
  MS_RDONLY,
  MS_REC,
  mount,
  mountSetattr,
  S_IFCHR,
  S_IFMT,
  tolerate,
} from 'shared-native';
import type { Namespace } from 'step-08';
import { bindDevice } from './bound.ts';
import { type Maps, outside } from './maps.ts';

/** What a container has in its user namespace. */
export interface Confines {
  /** The namespaces that belong to it: those that the container was born into, or shares with one that was. */
  readonly owned: readonly Namespace[];
  /** Who is who in it. */
  readonly maps: Pick<Maps, 'gids'>;
}

// #region what root of a user namespace can't do
/**
 * The replacement for a call that the kernel refuses to root in any user namespace but the first. A filesystem that shows a
 * namespace (/proc its processes, /sys its network) can only be mounted with power over that namespace. If the namespace is
 * the host's, all that remains is to bind the host's own mount. (The host's /sys brings its cgroup2 along, and the kernel
 * doesn't mount a filesystem on itself: EBUSY. So a tmpfs goes in between.)
 *
 * @returns undefined for a call that works
 */
export function instead(call: Call, { owned, maps }: Confines): Call[] | undefined {
  const { name, args } = call;
  if (name === 'mknod' && (number(args.mode) & S_IFMT) === S_IFCHR) return bindDevice(text(args.pathname));
  if (name !== 'mount') return undefined;
  const { type, target, flags, data } = mountOf(args);
  const shown = SHOWS[type];
  if (shown !== undefined && !owned.includes(shown)) return bindTree(target, flags);
  if (type === 'cgroup2' && !owned.includes('net')) return [mount('tmpfs', target, 'tmpfs', flags, 'mode=755'), call];
  const isForTty = type === 'devpts' && data.includes(GID_TTY) && outside(maps.gids, 5) === undefined;
  return isForTty ? [mount(type, target, type, flags, data.replace(GID_TTY, ''))] : undefined;
}
// #endregion

/** Terminals belong to group 5, by old custom: where there's no such group, EINVAL. */
const GID_TTY = ',gid=5';

/** The namespace that a filesystem shows. */
const SHOWS: Readonly<Record<string, Namespace>> = {
  proc: 'pid',
  sysfs: 'net',
  mqueue: 'ipc',
  cgroup: 'cgroup',
  cgroup2: 'cgroup',
};

/** The host's mounts at the same path. */
function bindTree(path: string, flags: number): Call[] {
  const all = mount(path.slice(1), path, null, MS_BIND | MS_REC);
  const bound = path === '/dev/mqueue' ? tolerate(all, 'ENOENT') : all; // many hosts mount no queues
  const sealed = mountSetattr(AT_FDCWD, path, AT_RECURSIVE, { attr_set: MOUNT_ATTR_RDONLY });
  return flags & MS_RDONLY ? [bound, sealed] : [bound];
}

function mountOf(args: Call['args']): { type: string; target: string; flags: number; data: string } {
  const { filesystemtype, target, mountflags, data } = args;
  return { type: text(filesystemtype), target: text(target), flags: number(mountflags), data: text(data) };
}

function text(argument: Argument | undefined): string {
  return argument?.kind === 'string' ? argument.value : '';
}

function number(argument: Argument | undefined): number {
  return argument?.kind === 'integer' ? Number(argument.value) : 0;
}
