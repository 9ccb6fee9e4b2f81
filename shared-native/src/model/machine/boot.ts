import { RLIM_INFINITY, SIGKILL, SIGPIPE, SIGSTOP } from '../../kernel/constants.ts';
import { makeInode } from '../files/inode.ts';
import { hang, makeMount } from '../mounts/mounts.ts';
import { newNetwork } from '../network/network.ts';
import { leaveToOthers } from '../process/others.ts';
import { signalSet } from '../process/signals.ts';
import type {
  Filesystem,
  IdRange,
  Inode,
  Limit,
  Mount,
  MountNamespace,
  Namespaces,
  OtherProcess,
  Process,
  State,
  UserNamespace,
} from '../state.ts';
import { plugInHost } from './network.ts';
import type { Machine } from './options.ts';

const ALL_IDS: readonly IdRange[] = [{ inside: 0, outside: 0, length: 2 ** 32 - 1 }];

/** What the kernel can mount, as far as the model knows it; and what else it has. */
const MOUNTABLE = ['tmpfs', 'ramfs', 'proc', 'sysfs', 'devtmpfs', 'devpts', 'mqueue', 'cgroup', 'cgroup2'];
const OTHERS = ['ext4', 'overlay', 'squashfs', 'fuse', 'bpf', 'debugfs', 'tracefs', 'securityfs', 'binfmt_misc'];

const ALL_SIGNALS = 2n ** 64n - 1n;

/** A machine with nothing mounted but its root, and a process of root's that `clone` has just started. */
export function bareState(options: Machine): State {
  const user = firstUserNamespace();
  const lastCapability = options.lastCapability ?? 40;
  const state = {
    others: [] as OtherProcess[],
    hierarchies: [],
    terminals: [],
    mounts: new Set<Mount>(),
    filesystems: new Map(),
    internalMounts: new Map(),
    filesystemTypes: [...MOUNTABLE, ...(options.filesystems ?? OTHERS)],
    firstUserNamespace: user,
    cpus: options.cpus ?? 4,
    lastCapability,
    nextInode: 2,
    nextMount: 1,
    nextNamespace: 1,
    nextGroup: 1,
    nextDevice: 20,
  } as unknown as State & { process: Process; parent: Process };
  const { root, bottom } = rootMounts(state, user);
  const namespaces = firstNamespaces(state, user, bottom, options);
  Object.assign(state, { outside: plugInHost(namespaces.net) });
  for (const mount of [bottom, root]) mount.namespace = namespaces.mnt;
  state.process = firstProcess(state, namespaces, { mount: root, inode: root.root }, options);
  state.parent = state.process; // until it is told apart
  for (const { hostPid, uid = 0, gid = 0 } of [{ hostPid: 1 }, ...(options.others ?? [])]) {
    const here = { root: { mount: root, inode: root.root }, namespaces: { ...namespaces }, received: [] };
    state.others.push({ hostPid, uid, gid, pgid: hostPid, sid: hostPid, ...here });
  }
  return state;
}

function firstUserNamespace(): UserNamespace {
  const maps = { uidMap: ALL_IDS, gidMap: ALL_IDS, setgroups: 'allow' as const, makerCouldSetFileCapabilities: true };
  return { type: 'user', id: 0, owner: null, level: 0, uid: 0, gid: 0, ...maps };
}

/** The kernel's own first filesystem lies under the root, so that pivot_root finds a mount to hang the new root on. */
function rootMounts(state: State, owner: UserNamespace): { root: Mount; bottom: Mount } {
  const make = (type: string, device: string, source: string) => {
    const filesystem: Filesystem & { root: Inode } = {
      type,
      device,
      options: '',
      readOnly: false,
      owner,
      root: undefined as unknown as Inode,
    };
    filesystem.root = makeInode(state, filesystem, '', { type: 'directory' });
    return makeMount(state, filesystem, source, 0x20_0000);
  };
  const bottom = make('rootfs', '0:2', 'rootfs');
  const root = make('ext4', '254:0', '/dev/vda');
  hang(root, { mount: bottom, inode: bottom.root });
  return { root, bottom };
}

function firstNamespaces(state: State, user: UserNamespace, bottom: Mount, { hostname = 'host' }: Machine): Namespaces {
  const first = () => ({ id: state.nextNamespace++, owner: user });
  return {
    cgroup: { ...first(), type: 'cgroup', roots: [] },
    ipc: { ...first(), type: 'ipc', settings: new Map() },
    mnt: { ...first(), type: 'mnt', root: bottom } satisfies MountNamespace,
    net: newNetwork(state.nextNamespace++, user),
    pid: { ...first(), type: 'pid', parent: null },
    time: { ...first(), type: 'time' },
    user,
    uts: { ...first(), type: 'uts', hostname, domainname: '(none)' },
  };
}

const UNLIMITED: Limit = { soft: RLIM_INFINITY, hard: RLIM_INFINITY };

/** As Linux has them for a process of root's: by number, from RLIMIT_CPU to RLIMIT_RTTIME. */
function usualLimits(): [number, Limit][] {
  const limits = Array.from({ length: 16 }, (): Limit => UNLIMITED);
  const set = (resource: number, soft: bigint, hard: bigint) => {
    limits[resource] = { soft, hard };
  };
  set(3, 8n << 20n, RLIM_INFINITY); // stack
  set(4, 0n, RLIM_INFINITY); // core
  set(6, 127_000n, 127_000n); // nproc
  set(7, 1_048_576n, 1_048_576n); // nofile: Node raises the soft limit to the hard one
  set(8, 8n << 20n, 8n << 20n); // memlock
  set(11, 127_000n, 127_000n); // sigpending
  set(12, 819_200n, 819_200n); // msgqueue
  for (const resource of [13, 14]) set(resource, 0n, 0n); // nice, rtprio
  return [...limits.entries()];
}

function firstProcess(state: State, namespaces: Namespaces, root: Process['root'], options: Machine): Process {
  const all = (1n << BigInt(state.lastCapability + 1)) - 1n;
  return {
    ...{ uid: 0, euid: 0, suid: 0, fsuid: 0, gid: 0, egid: 0, sgid: 0, fsgid: 0, groups: [] },
    ...{
      inheritable: 0n,
      permitted: all,
      effective: all,
      bounding: all,
      ambient: 0n,
      securebits: 0,
      noNewPrivs: false,
    },
    ...{ hostPid: 4242, pid: 4242, ppid: 4241, pgid: 4241, sid: 4200, terminal: null },
    root,
    cwd: root,
    umask: options.umask ?? 0o022,
    descriptors: new Map(),
    namespaces: { ...namespaces },
    pidForChildren: namespaces.pid,
    timeForChildren: namespaces.time,
    ignored: new Set(options.ignored ?? [SIGPIPE]),
    handled: new Set(options.handled ?? []),
    blocked: options.blocked ?? ALL_SIGNALS & ~signalSet(SIGKILL, SIGSTOP),
    pending: 0n,
    limits: new Map([
      ...usualLimits(),
      ...Object.entries(options.limits ?? {}).map(([n, one]) => [Number(n), one] as const),
    ]),
    nice: 0,
    cpus: Array.from({ length: state.cpus }, (_, cpu) => cpu),
    deathSignal: SIGKILL, // clone asks for that first
    dumpable: 1,
    comm: 'node',
    childSubreaper: false,
    oomScoreAdj: 0,
    oomScoreAdjMin: 0,
    seccomp: { mode: 0, filters: [] },
    sessionKeyring: 1,
    executable: null,
    executed: null,
    exited: null,
    killed: null,
  };
}

/**
 * What the process is now goes on as one of the others, a container that runs. The calls to come are those of another
 * process, which the same parent has started on the host.
 */
export function startAnother(state: State): State {
  const { process, parent } = state;
  const hostPid = leaveToOthers(state);
  const born = {
    ...parent,
    ...{ hostPid, pid: hostPid, ppid: parent.hostPid, deathSignal: SIGKILL, blocked: process.blocked },
    ...{ namespaces: { ...parent.namespaces }, ignored: new Set(parent.ignored), handled: new Set(parent.handled) },
    ...{ limits: new Map(parent.limits), descriptors: new Map(parent.descriptors) },
  };
  for (const { root } of state.hierarchies) root.processes.add(hostPid);
  return Object.assign(state, { process: born });
}
