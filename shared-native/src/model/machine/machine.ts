import {
  CLONE_NEWNS,
  CLONE_NEWPID,
  CLONE_NEWTIME,
  CLONE_NEWUSER,
  MS_NODEV,
  MS_NOEXEC,
  MS_NOSUID,
  O_CLOEXEC,
} from '../../kernel/constants.ts';
import { addDescriptor } from '../files/descriptors.ts';
import { nameless, namespacePlace } from '../files/nsfs.ts';
import { fileAt, openFile } from '../files/open.ts';
import { lookUp } from '../files/path.ts';
import { mountFlags, subtree } from '../mounts/mounts.ts';
import { mountNew } from '../mounts/new-mount.ts';
import { share } from '../mounts/propagation.ts';
import { newMountNamespace, newNamespaces, newUserNamespace } from '../process/namespaces.ts';
import type { Filesystem, Process, State, UserNamespace } from '../state.ts';
import { bareState } from './boot.ts';
import { addHierarchy } from './hierarchy.ts';
import type { Machine, MountedHierarchy } from './options.ts';
import { device, directory, executable, link, plant, type Tree } from './tree.ts';

const UNIFIED: MountedHierarchy = {
  version: 2,
  mount: '/sys/fs/cgroup',
  controllers: ['cpuset', 'cpu', 'io', 'memory', 'pids'],
};

/** Every host has these. Programs of the host's are there so that what a container executes can be told apart. */
const HOST: Tree = {
  '/bin/sh': executable,
  '/etc/hostname': 'host\n',
  '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\n',
  '/etc/shadow': { type: 'file', mode: 0o600, text: 'root:*\n' },
  '/root': directory({ mode: 0o700 }),
  '/tmp': directory({ mode: 0o1777 }),
  '/dev': directory(),
  '/proc': directory(),
  '/sys': directory(),
};

const DEVICES: Tree = {
  '/null': device(1, 3),
  '/zero': device(1, 5),
  '/full': device(1, 7),
  '/random': device(1, 8),
  '/urandom': device(1, 9),
  '/tty': device(5, 0),
  '/console': device(5, 1, { mode: 0o600 }),
  '/ptmx': device(5, 2),
  '/vda': { type: 'block', mode: 0o660, rdev: 0xfe00 },
  '/kmsg': device(1, 11, { mode: 0o644 }),
  '/fd': link('/proc/self/fd'),
  '/pts': directory(),
  '/shm': directory({ mode: 0o1777 }),
  '/mqueue': directory(),
};

const ROOT_MOUNTS = [
  { type: 'proc', at: '/proc', flags: MS_NOSUID | MS_NODEV | MS_NOEXEC },
  { type: 'sysfs', at: '/sys', flags: MS_NOSUID | MS_NODEV | MS_NOEXEC },
  { type: 'devtmpfs', at: '/dev', flags: MS_NOSUID },
  { type: 'devpts', at: '/dev/pts', flags: MS_NOSUID | MS_NOEXEC, data: 'mode=620,ptmxmode=000' },
  { type: 'tmpfs', at: '/dev/shm', flags: MS_NOSUID | MS_NODEV },
];

/**
 * A machine, and a process on it that is about to make its calls, as `clone` starts one.
 *
 * ```ts
 * machine({ tree: { '/srv/web/bin/sh': executable, '/srv/web/dev': link('/') }, clone: CLONE_NEWNS | CLONE_NEWPID })
 * ```
 */
export function machine(options: Machine = {}): State {
  const state = bareState(options);
  plant(state, state.process.root.inode, { ...HOST, ...options.tree });
  for (const one of ROOT_MOUNTS.slice(0, 3)) mountHere(state, one);
  plant(state, (state.filesystems.get('devtmpfs') as Filesystem).root, DEVICES);
  for (const one of ROOT_MOUNTS.slice(3)) mountHere(state, one);
  const hierarchies = options.hierarchies ?? [UNIFIED];
  if (hierarchies.some(({ mount }) => mount.startsWith('/sys/fs/cgroup/')))
    mountHere(state, { type: 'tmpfs', at: '/sys/fs/cgroup', flags: MS_NOSUID | MS_NODEV | MS_NOEXEC });
  for (const one of hierarchies) addHierarchy(state, one);
  for (const one of options.mounts ?? []) mountHere(state, one);
  if (options.shared ?? true) for (const mount of subtree(state, state.process.root.mount)) share(state, mount);
  openDescriptors(state, options.open ?? {});
  openUserNamespaces(state, options.userNamespaces ?? {});
  become(state, options);
  bear(state, options);
  return state;
}

type MountedThere = NonNullable<Machine['mounts']>[number];

function mountHere(state: State, { type, at, flags = 0, data = '', source = type }: MountedThere): void {
  const target = lookUp(state, at, { follow: true });
  mountNew(state, { source, target, type, flags: mountFlags(flags), readOnly: (flags & 1) !== 0, data });
}

/** 0, 1 and 2 are pipes, which Node closes at execve; the rest has leaked in and stays open. */
function openDescriptors(state: State, open: Readonly<Record<number, string>>): void {
  for (const number of [0, 1, 2]) {
    const place = nameless(state, 'pipefs', { kind: 'pipe', pipe: { content: '', writers: 2, readers: 2 } });
    addDescriptor(state, fileAt(place, number === 0 ? 0 : 1), true);
  }
  for (const [number, path] of Object.entries(open)) {
    const file = openFile(state, path, O_CLOEXEC, 0, {});
    state.process.descriptors.set(Number(number), { file, closeOnExec: false });
  }
}

function openUserNamespaces(state: State, open: NonNullable<Machine['userNamespaces']>): void {
  for (const [number, maps] of Object.entries(open)) {
    const user: UserNamespace = {
      ...state.firstUserNamespace,
      id: state.nextNamespace++,
      owner: state.firstUserNamespace,
      level: 1,
      ...maps,
    };
    const file = fileAt(namespacePlace(state, user), 0);
    state.process.descriptors.set(Number(number), { file, closeOnExec: true });
  }
}

/** Who starts the process. */
function become({ process }: State, { uid = 0, gid = 0, groups = [], capabilities, bounding }: Machine): void {
  const all = process.permitted;
  const permitted = capabilities ?? (uid === 0 ? (bounding ?? all) : 0n);
  const ids = { uid, euid: uid, suid: uid, fsuid: uid, gid, egid: gid, sgid: gid, fsgid: gid };
  Object.assign(process, ids, { permitted, effective: permitted, bounding: bounding ?? all });
  process.groups = [...groups].sort((one, other) => one - other);
}

/** As the process, before it is in namespaces of its own. */
function parentOf(process: Process): Process {
  const { ppid, namespaces, descriptors, ignored, handled, limits } = process;
  return {
    ...process,
    ...{ hostPid: ppid, pid: ppid, ppid: 1, deathSignal: 0, namespaces: { ...namespaces } },
    ...{ ignored: new Set(ignored), handled: new Set(handled), blocked: 0n, limits: new Map(limits) },
    descriptors: new Map([...descriptors].map(([number, one]) => [number, { ...one }])),
  };
}

/** What clone(2) makes of namespaces: the process is in all of them, and the first of a new PID namespace. */
function bear(state: State, { clone = 0, uidMap = [], gidMap = [], setgroups }: Machine): void {
  const { process } = state;
  (state as { parent: Process }).parent = parentOf(process);
  if (clone & CLONE_NEWUSER) newUserNamespace(state);
  if (clone & CLONE_NEWNS) newMountNamespace(state);
  newNamespaces(state, clone);
  if (clone & CLONE_NEWPID) {
    process.namespaces.pid = process.pidForChildren;
    Object.assign(process, { pid: 1, ppid: 0, pgid: 0, sid: 0 });
  }
  if (clone & CLONE_NEWTIME) process.namespaces.time = process.timeForChildren;
  if (clone & CLONE_NEWUSER)
    Object.assign(process.namespaces.user, { uidMap, gidMap, ...(setgroups && { setgroups }) });
}
