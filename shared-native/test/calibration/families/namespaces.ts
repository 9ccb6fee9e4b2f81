import {
  AF_INET,
  AF_INET6,
  AF_NETLINK,
  AF_PACKET,
  AF_UNIX,
  AT_FDCWD,
  type Call,
  CLONE_FILES,
  CLONE_FS,
  CLONE_NEWCGROUP,
  CLONE_NEWIPC,
  CLONE_NEWNET,
  CLONE_NEWNS,
  CLONE_NEWPID,
  CLONE_NEWTIME,
  CLONE_NEWUSER,
  CLONE_NEWUTS,
  CLONE_VM,
  O_RDONLY,
  O_WRONLY,
  openat,
  SOCK_CLOEXEC,
  SOCK_DGRAM,
  SOCK_RAW,
  SOCK_SEQPACKET,
  SOCK_STREAM,
  setdomainname,
  sethostname,
  setns,
  socket,
  unshare,
  write,
} from '../../../src/index.ts';
import type { Random } from '../random.ts';

const NEW = [CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC, CLONE_NEWPID, CLONE_NEWNET, CLONE_NEWCGROUP, CLONE_NEWTIME];
const TYPES = ['mnt', 'uts', 'ipc', 'pid', 'net', 'cgroup', 'user', 'time', 'pid_for_children'];

/** Namespaces: left, and joined again. */
export const namespaces: readonly ((random: Random) => Call[])[] = [
  (random) => [unshare(random.pick(NEW))],
  (random) => [unshare(random.pick(NEW) | random.pick(NEW))],
  (random) => [unshare(CLONE_NEWUSER | random.pick([0, CLONE_NEWNS, CLONE_NEWUTS]))],
  (random) => [unshare(random.pick([0, CLONE_FS, CLONE_FILES, CLONE_VM, 1, CLONE_NEWNS | 2]))],
  (random) => mapped(random),
  (random) => returned(random),
  (random) => returned(random),
  (random) => [setns(random.pick([3, 4, 77]), random.pick([0, ...NEW]))],
  (random) => [openat(AT_FDCWD, `/proc/self/ns/${random.pick(TYPES)}`, O_RDONLY)],
  (random) => [sethostname(random.pick(['box', '', 'n'.repeat(64)]))],
  () => [setdomainname('example')],
  (random) => [
    socket(
      random.pick([AF_UNIX, AF_INET, AF_INET6, AF_NETLINK, AF_PACKET]),
      random.pick([SOCK_STREAM, SOCK_DGRAM, SOCK_RAW, SOCK_SEQPACKET, 0, 11]) | random.pick([0, SOCK_CLOEXEC]),
      random.pick([0, 0, 0, 300]),
    ),
  ],
];

/** Leaves a namespace, and goes back to it. */
function returned(random: Random): Call[] {
  const [type, flag] = random.pick([
    ['mnt', CLONE_NEWNS],
    ['uts', CLONE_NEWUTS],
    ['ipc', CLONE_NEWIPC],
    ['net', CLONE_NEWNET],
    ['cgroup', CLONE_NEWCGROUP],
    ['user', CLONE_NEWUSER],
    ['pid', CLONE_NEWPID],
    ['time', CLONE_NEWTIME],
  ] as const);
  const before = openat(AT_FDCWD, `/proc/self/ns/${type}`, O_RDONLY);
  return [before, unshare(flag), setns(before, random.pick([0, flag, CLONE_NEWUTS]))];
}

/** Makes a user namespace, and maps its own ids. */
function mapped(random: Random): Call[] {
  const put = (name: string, text: string): Call[] => {
    const file = openat(AT_FDCWD, `/proc/self/${name}`, O_WRONLY);
    return [file, write(file, text)];
  };
  const range = () =>
    random.pick(['0 0 1', '0 1000 1', '5 0 1', '0 0 10', '0 0 1\n0 1 1', '1 1 1\n2 2 1', 'x', '0 0 0', '1000 1000 1']);
  const denied = random.chance(0.5) ? put('setgroups', random.pick(['deny', 'allow', 'x'])) : [];
  const uid = put('uid_map', range());
  const gid = put('gid_map', range());
  return [
    ...(random.chance(0.7) ? [unshare(CLONE_NEWUSER)] : []),
    ...(random.chance(0.7) ? uid : []),
    ...denied,
    ...(random.chance(0.7) ? gid : []),
  ];
}
