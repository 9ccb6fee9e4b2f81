import {
  CAP_SETFCAP,
  CLONE_NEWCGROUP,
  CLONE_NEWIPC,
  CLONE_NEWNET,
  CLONE_NEWNS,
  CLONE_NEWPID,
  CLONE_NEWTIME,
  CLONE_NEWUSER,
  CLONE_NEWUTS,
  MS_PRIVATE,
} from '../../kernel/constants.ts';
import { cgroupOfProcess } from '../cgroups/cgroups.ts';
import { fail } from '../errors.ts';
import { copyTree, lockTree, topOf } from '../mounts/mounts.ts';
import { changePropagation } from '../mounts/propagation.ts';
import { newNetwork } from '../network/network.ts';
import type {
  CgroupNamespace,
  Inode,
  Mount,
  MountNamespace,
  Namespace,
  NamespaceType,
  PidNamespace,
  Place,
  State,
  UserNamespace,
  UtsNamespace,
} from '../state.ts';
import { allPowerfulIn, capabilitySet } from './capabilities.ts';
import { gidIn, uidIn } from './ids.ts';

/** Deepest nesting of user and PID namespaces. */
const DEEPEST = 32;

export const NEW_NAMESPACES: Readonly<Record<NamespaceType, number>> = {
  cgroup: CLONE_NEWCGROUP,
  ipc: CLONE_NEWIPC,
  mnt: CLONE_NEWNS,
  net: CLONE_NEWNET,
  pid: CLONE_NEWPID,
  time: CLONE_NEWTIME,
  user: CLONE_NEWUSER,
  uts: CLONE_NEWUTS,
};

function numbered(state: State, owner: UserNamespace): { id: number; owner: UserNamespace } {
  return { id: state.nextNamespace++, owner };
}

/**
 * The process enters a new user namespace, in which it has every capability and nobody has an id yet.
 *
 * @throws EPERM after chroot, and for a user without an id here; ENOSPC when nested too deep
 */
export function newUserNamespace(state: State): void {
  const { process } = state;
  const owner = process.namespaces.user;
  if (owner.level >= DEEPEST) fail('ENOSPC');
  if (isChrooted(state)) fail('EPERM');
  const { euid, egid } = process;
  if (uidIn(owner, euid) === undefined || gidIn(owner, egid) === undefined) fail('EPERM');
  const user: UserNamespace = {
    ...numbered(state, owner),
    type: 'user',
    level: owner.level + 1,
    uid: euid,
    gid: egid,
    uidMap: [],
    gidMap: [],
    setgroups: owner.setgroups,
    makerCouldSetFileCapabilities: (process.effective & capabilitySet(CAP_SETFCAP)) !== 0n,
  };
  process.namespaces.user = user;
  allPowerfulIn(state, process);
}

/** Is the process's root another than its mount namespace's? */
export function isChrooted({ process, ...state }: State): boolean {
  const { root } = process.namespaces.mnt;
  const top = topOf({ process, ...state }, { mount: root, inode: root.root });
  return process.root.mount !== top.mount || process.root.inode !== top.inode;
}

/** A copy of the process's mount namespace, which it enters with its root and working directory. */
export function newMountNamespace(state: State): void {
  const { process } = state;
  const { mnt, user } = process.namespaces;
  const slave = mnt.owner !== user;
  const copies = copyTree(state, mnt.root, mnt.root.root, { slave, unbindable: true });
  const root = copies.get(mnt.root) as MountNamespace['root'];
  if (slave) lockTree(state, root);
  const namespace: MountNamespace = { ...numbered(state, user), type: 'mnt', root };
  for (const copy of copies.values()) copy.namespace = namespace;
  const moved = ({ mount, inode }: Place): Place => ({ mount: copies.get(mount) ?? mount, inode });
  process.namespaces.mnt = namespace;
  process.root = moved(process.root);
  process.cwd = moved(process.cwd);
  endUnlessUsed(state, mnt);
}

/** A mount namespace ends with the last process that is in it, and the last descriptor of it: nothing is mounted there any more. */
function endUnlessUsed(state: State, namespace: MountNamespace): void {
  const { process, parent, others, mounts } = state;
  const held = [...process.descriptors.values()].map(({ file }) => file.place.inode);
  const files = [...held, ...[...mounts].filter((one) => one.namespace).map(({ root }) => root)];
  const isHeld = files.some(({ special }) => special?.kind === 'namespace' && special.namespace === namespace);
  const isUsed = [process, parent, ...others].some(({ namespaces }) => namespaces.mnt === namespace);
  if (isHeld || isUsed) return;
  for (const mount of mounts) if (mount.namespace === namespace) lose(state, mount);
}

function lose(state: State, mount: Mount): void {
  changePropagation(state, mount, MS_PRIVATE);
  Object.assign(mount, { namespace: null, parent: null, at: null });
}

/** New namespaces for the process, but for users and mounts. For PIDs and time it's the next child that is born there. */
export function newNamespaces(state: State, flags: number): void {
  const { process } = state;
  const { namespaces } = process;
  const { user, uts, pid } = namespaces;
  const { hostname, domainname } = uts;
  if (flags & CLONE_NEWUTS)
    namespaces.uts = { ...numbered(state, user), type: 'uts', hostname, domainname } satisfies UtsNamespace;
  if (flags & CLONE_NEWIPC) namespaces.ipc = { ...numbered(state, user), type: 'ipc', settings: new Map() };
  if (flags & CLONE_NEWNET) namespaces.net = newNetwork(state.nextNamespace++, user);
  if (flags & CLONE_NEWCGROUP) namespaces.cgroup = newCgroupNamespace(state);
  if (flags & CLONE_NEWPID) {
    process.pidForChildren = { ...numbered(state, user), type: 'pid', parent: pid } satisfies PidNamespace;
  }
  if (flags & CLONE_NEWTIME) process.timeForChildren = { ...numbered(state, user), type: 'time' };
}

/** Where the process is now, it is at the root. */
function newCgroupNamespace(state: State): CgroupNamespace {
  const { process } = state;
  const directories = state.hierarchies.map(
    (hierarchy) => cgroupOfProcess(hierarchy, process.hostPid).directory as Inode,
  );
  return { ...numbered(state, process.namespaces.user), type: 'cgroup', roots: directories };
}

/** Enters namespaces as they are. */
export function enterMountNamespace(state: State, namespace: MountNamespace): void {
  const { mnt } = state.process.namespaces;
  const place = topOf(state, { mount: namespace.root, inode: namespace.root.root });
  Object.assign(state.process, { root: place, cwd: place });
  state.process.namespaces.mnt = namespace;
  endUnlessUsed(state, mnt);
}

/** Is a PID namespace this one, or below it? */
export function isPidNamespaceBelow(namespace: Namespace, above: PidNamespace): boolean {
  for (let at: PidNamespace | null = namespace as PidNamespace; at; at = at.parent) if (at === above) return true;
  return false;
}
