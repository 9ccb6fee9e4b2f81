import {
  AF_INET,
  AF_INET6,
  AF_NETLINK,
  AF_PACKET,
  AF_UNIX,
  CAP_NET_RAW,
  CAP_SYS_ADMIN,
  CAP_SYS_CHROOT,
  CLONE_FILES,
  CLONE_FS,
  CLONE_NEWNS,
  CLONE_NEWPID,
  CLONE_NEWUSER,
  CLONE_SYSVSEM,
  O_PATH,
  SOCK_CLOEXEC,
  SOCK_DGRAM,
  SOCK_NONBLOCK,
  SOCK_RAW,
  SOCK_SEQPACKET,
  SOCK_STREAM,
} from '../../kernel/constants.ts';
import type { Arguments } from '../arguments.ts';
import { fail, ModelError } from '../errors.ts';
import { addDescriptor, descriptor } from '../files/descriptors.ts';
import { nameless } from '../files/nsfs.ts';
import { fileAt } from '../files/open.ts';
import type { Family } from '../handler.ts';
import { allPowerfulIn, capable, capableHere } from '../process/capabilities.ts';
import {
  enterMountNamespace,
  isPidNamespaceBelow,
  NEW_NAMESPACES,
  newMountNamespace,
  newNamespaces,
  newUserNamespace,
} from '../process/namespaces.ts';
import type { MountNamespace, Namespace, PidNamespace, State, UserNamespace, UtsNamespace } from '../state.ts';

const ALL_NEW = Object.values(NEW_NAMESPACES).reduce((all, flag) => all | flag, 0);
const NEEDS_ADMIN = ALL_NEW & ~CLONE_NEWUSER;

/** Namespaces: new ones, others' ones, and what two of them hold. */
export const namespaceCalls: Family<'unshare' | 'setns' | 'sethostname' | 'setdomainname' | 'socket'> = {
  unshare(state, args) {
    const flags = args.uint('flags');
    if (flags & ~(ALL_NEW | CLONE_FS | CLONE_FILES | CLONE_SYSVSEM)) fail('EINVAL');
    if (!(flags & CLONE_NEWUSER) && flags & NEEDS_ADMIN && !capableHere(state, CAP_SYS_ADMIN)) fail('EPERM');
    const { pidForChildren, namespaces } = state.process;
    if (flags & CLONE_NEWUSER) newUserNamespace(state);
    if (flags & CLONE_NEWPID && pidForChildren !== namespaces.pid) fail('EINVAL');
    if (flags & CLONE_NEWNS) newMountNamespace(state);
    newNamespaces(state, flags);
    return 0;
  },

  setns(state, args) {
    const { file } = descriptor(state, args.int('fd'));
    const nstype = args.uint('nstype');
    if (file.flags & O_PATH) fail('EBADF');
    const { special } = file.place.inode;
    if (special?.kind === 'pidfd') return joinProcess(state, special.pid, nstype);
    if (special?.kind !== 'namespace') return fail('EINVAL');
    if (nstype !== 0 && nstype !== NEW_NAMESPACES[special.type]) fail('EINVAL');
    join(state, special.namespace);
    return 0;
  },

  sethostname(state, args) {
    nameOf(state).hostname = newName(args);
    return 0;
  },

  setdomainname(state, args) {
    nameOf(state).domainname = newName(args);
    return 0;
  },

  socket(state, args) {
    const [domain, given] = [args.int('domain'), args.int('type')];
    const type = given & 0xf;
    if (given & ~(0xf | SOCK_CLOEXEC | SOCK_NONBLOCK)) fail('EINVAL');
    const protocol = args.int('protocol');
    assertSocket(state, domain, type, protocol);
    const network = state.process.namespaces.net;
    const place = nameless(state, 'sockfs', { kind: 'socket', domain, type, protocol, network, received: [] });
    return addDescriptor(state, fileAt(place, 2 | (given & SOCK_NONBLOCK)), (given & SOCK_CLOEXEC) !== 0);
  },
};

/** @throws EPERM */
function nameOf({ process, ...state }: State): UtsNamespace {
  const { uts } = process.namespaces;
  if (!capable({ process, ...state }, uts.owner as UserNamespace, CAP_SYS_ADMIN)) fail('EPERM');
  return uts;
}

function newName(args: Arguments): string {
  const length = args.int('len');
  if (length < 0 || length > 64) fail('EINVAL');
  const bytes = args.bytes('name');
  if (length > bytes.length) throw new ModelError(`the name is shorter than the ${length} bytes that len says`);
  return new TextDecoder().decode(bytes.subarray(0, length)).replace(/\0.*$/s, '');
}

/** Enters one namespace. @throws EPERM, EINVAL, EUSERS */
function join(state: State, namespace: Namespace): void {
  const { process } = state;
  if (namespace.type === 'time') fail('EUSERS'); // its pages are in memory that this process shares with the one that cloned it
  const owner = namespace.type === 'user' ? (namespace as UserNamespace) : (namespace.owner as UserNamespace);
  const mayJoin = capable(state, owner, CAP_SYS_ADMIN);
  if (namespace.type === 'user') {
    if (namespace === process.namespaces.user) fail('EINVAL');
    if (!mayJoin) fail('EPERM');
    process.namespaces.user = namespace as UserNamespace;
    allPowerfulIn(state, process);
    return;
  }
  if (!mayJoin || !capableHere(state, CAP_SYS_ADMIN)) fail('EPERM');
  if (namespace.type === 'mnt' && !capableHere(state, CAP_SYS_CHROOT)) fail('EPERM');
  if (namespace.type === 'mnt') enterMountNamespace(state, namespace as MountNamespace);
  else if (namespace.type === 'pid') joinPids(state, namespace as PidNamespace);
  else Object.assign(process.namespaces, { [namespace.type]: namespace });
}

function joinPids({ process }: State, namespace: PidNamespace): void {
  if (!isPidNamespaceBelow(namespace, process.namespaces.pid)) fail('EINVAL');
  process.pidForChildren = namespace;
}

/** Enters several namespaces of a process at once. */
function joinProcess(state: State, pid: number, nstype: number): number {
  if (nstype === 0 || nstype & ~ALL_NEW) fail('EINVAL');
  const { namespaces } = [state.process, ...state.others].find(({ hostPid }) => hostPid === pid) ?? fail('ESRCH');
  const order = ['user', 'mnt', 'uts', 'ipc', 'pid', 'cgroup', 'net', 'time'] as const;
  for (const type of order) if (nstype & NEW_NAMESPACES[type]) join(state, namespaces[type]);
  return 0;
}

const IPPROTO_MAX = 263;
/** icmp(7) without CAP_NET_RAW: /proc/sys/net/ipv4/ping_group_range says who may. */
const PING: Readonly<Record<number, number>> = { [AF_INET]: 1, [AF_INET6]: 58 };
/** Routes, users' own, kernel events, generic: those that every kernel has. */
const NETLINK: readonly number[] = [0, 2, 15, 16];

/** @throws EAFNOSUPPORT, EINVAL, ESOCKTNOSUPPORT, EPROTONOSUPPORT, EPERM */
function assertSocket(state: State, domain: number, type: number, protocol: number): void {
  if (type > 10) fail('EINVAL');
  const needsRaw = () => {
    if (!capable(state, state.process.namespaces.net.owner as UserNamespace, CAP_NET_RAW)) fail('EPERM');
  };
  if (domain === AF_UNIX) {
    if (protocol !== 0 && protocol !== AF_UNIX) fail('EPROTONOSUPPORT');
    if (![SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET, SOCK_RAW].includes(type)) fail('ESOCKTNOSUPPORT');
  } else if (domain === AF_INET || domain === AF_INET6) {
    if (protocol < 0 || protocol >= IPPROTO_MAX) fail('EINVAL');
    if (![SOCK_STREAM, SOCK_DGRAM, SOCK_RAW].includes(type)) fail('ESOCKTNOSUPPORT');
    if (type === SOCK_DGRAM && protocol === PING[domain]) fail('EACCES'); // as long as no group may ping
    const usual = { [SOCK_STREAM]: 6, [SOCK_DGRAM]: 17 }[type];
    if (type === SOCK_RAW ? protocol === 0 : protocol !== 0 && protocol !== usual) fail('EPROTONOSUPPORT');
    if (type === SOCK_RAW) needsRaw();
  } else if (domain === AF_NETLINK) {
    if (type !== SOCK_RAW && type !== SOCK_DGRAM) fail('ESOCKTNOSUPPORT');
    if (protocol < 0 || protocol >= 32) fail('EPROTONOSUPPORT');
    if (!NETLINK.includes(protocol)) throw new ModelError(`the model doesn't know the netlink protocol ${protocol}`);
  } else if (domain === AF_PACKET) {
    needsRaw();
    if (type !== SOCK_RAW && type !== SOCK_DGRAM) fail('ESOCKTNOSUPPORT');
  } else {
    throw new ModelError(`the model doesn't know the family of addresses ${domain}`);
  }
}
