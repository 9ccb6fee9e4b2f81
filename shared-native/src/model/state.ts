// The state that calls change: plain data, so that it can be copied (structuredClone), shown and compared. Names are
// the kernel's. All ids of users and groups are as the first user namespace has them.

import type { BpfInsn } from '../bpf/instruction.ts';
import type { SockFilter } from '../calls/security.ts';

export type InodeType = 'directory' | 'file' | 'symlink' | 'character' | 'block' | 'fifo' | 'socket';

/** A file, with its name: nothing here makes a second link to one, so it has one. */
export interface Inode {
  readonly ino: number;
  readonly type: InodeType;
  readonly filesystem: Filesystem;
  /** In its directory; '' for the root of a filesystem. */
  name: string;
  /** The directory that holds it; null for the root of a filesystem, and for what no directory holds. */
  parent: Inode | null;
  /** Permission bits, set-user-ID and sticky included. */
  mode: number;
  uid: number;
  gid: number;
  /** Of a directory. */
  readonly entries: Map<string, Inode>;
  /** A file's content, or where a symbolic link leads. */
  text: string;
  /** Of a device: makedev(major, minor). */
  readonly rdev: number;
  /** Unlinked, but perhaps still open, or somebody's working directory. */
  removed: boolean;
  /** What the kernel does when this file is read or written; absent for one that is only bytes. */
  readonly special?: Special;
  /** Of a directory in an overlay's upper or lower one: hides what those below have in it (`trusted.overlay.opaque`). */
  opaque?: boolean;
  /** Of a file of an overlay: what it stands for. */
  readonly layered?: Layered;
  /** Capabilities of the file (capabilities(7), "File capabilities"). */
  fileCapabilities?: { readonly permitted: bigint; readonly inheritable?: bigint; readonly effective: boolean };
}

/** What a file of an overlay stands for. */
export interface Layered {
  /** In the upper directory, once it's there. */
  upper: Inode | null;
  /** In the lower ones, the topmost first: of a directory all that are seen as one, of another file the one that is seen. */
  readonly lowers: readonly Inode[];
}

/** A file in which the kernel itself answers. */
export type Special =
  | { readonly kind: 'proc'; readonly what: string; readonly pid: number }
  | { readonly kind: 'cgroup'; readonly cgroup: Cgroup; readonly file: string }
  | { readonly kind: 'namespace'; readonly type: NamespaceType; readonly namespace: Namespace }
  | { readonly kind: 'mount point' } // a directory of /proc or /sys that is empty for good
  | { readonly kind: 'pipe'; readonly pipe: Pipe }
  | { readonly kind: 'pidfd'; readonly pid: number }
  | { readonly kind: 'terminal'; readonly terminal: Terminal }
  | { readonly kind: 'context'; readonly context: FilesystemContext }
  | { readonly kind: 'sysctl'; readonly network: NetworkNamespace; readonly path: string }
  | { readonly kind: 'bpf program'; readonly program: readonly BpfInsn[] }
  | { readonly kind: 'ipc sysctl'; readonly ipc: IpcNamespace; readonly path: string }
  | {
      readonly kind: 'socket';
      readonly domain: number;
      readonly type: number;
      readonly protocol: number;
      /** Where it was opened. */
      readonly network: NetworkNamespace;
      /** What has come, and nobody has received yet. */
      readonly received: Uint8Array[];
    };

export interface Pipe {
  content: string;
  /** Ends that other processes hold: while there is one, a read waits and a write is taken. */
  writers: number;
  readers: number;
}

/** What fsopen and fspick give: a filesystem that is being set up, or changed. */
export interface FilesystemContext {
  readonly type: string;
  readonly options: [string, string | null][];
  filesystem: Filesystem | null;
  phase: 'create' | 'mount' | 'mounted' | 'reconfigure';
  /** Of an overlay: looked up when they are named. */
  readonly directories: OverlayDirectories;
}

/** What an overlay is made of. */
export interface OverlayDirectories {
  /** The topmost first. */
  lowers: Place[];
  upper: Place | null;
  work: Place | null;
}

/** A filesystem that is mounted somewhere, or was: what the kernel calls a superblock. */
export interface Filesystem {
  readonly type: string;
  readonly root: Inode;
  /** Its device number, as mountinfo shows it: `0:21`. */
  readonly device: string;
  /** Its options of the filesystem's own, as mountinfo shows them, `rw` or `ro` not among them. */
  options: string;
  readOnly: boolean;
  /** The user namespace that it was mounted in. */
  readonly owner: UserNamespace;
  /** Of a proc: whose processes it shows. */
  readonly pids?: PidNamespace;
  /** Of a cgroup filesystem. */
  readonly hierarchy?: Hierarchy;
}

/** A mount: a filesystem, or a part of one, attached at a place. */
export interface Mount {
  readonly id: number;
  readonly filesystem: Filesystem;
  /** What of the filesystem it shows: more than its root for a bind mount of a subdirectory. */
  readonly root: Inode;
  /** What it was made from, as mountinfo shows it: a device, `tmpfs`, `proc`. */
  readonly source: string;
  /** The mount that it is attached to; null for a namespace's first, and for a detached one. */
  parent: Mount | null;
  /** Where in `parent`. */
  at: Inode | null;
  /** MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_NOATIME, MS_NODIRATIME, MS_RELATIME, MS_NOSYMFOLLOW. */
  flags: number;
  /** Which of these (and, as one, those of access times) a less privileged mount namespace can't change. */
  lockedFlags: number;
  /** It came here with others from a more privileged mount namespace, and can't be unmounted alone. */
  locked: boolean;
  /** Its peer group: what is mounted below one of these is mounted below all. 0: none. */
  group: number;
  /** The peer group from which mounts come in, and to which none go out. 0: none. */
  master: number;
  unbindable: boolean;
  /** Whose its files are instead, if it is ID-mapped: ids `inside` are the filesystem's. */
  idmap: Pick<UserNamespace, 'uidMap' | 'gidMap'> | null;
  /** The mount namespace that shows it; null for one that is detached (open_tree, fsmount, a lazy umount). */
  namespace: MountNamespace | null;
}

/** A place in the tree: a file, and through which mount it was reached. */
export interface Place {
  readonly mount: Mount;
  readonly inode: Inode;
}

/** An open file description: what dup copies share. */
export interface OpenFile {
  readonly place: Place;
  /** O_* flags, without those that only open looks at. */
  flags: number;
  position: number;
  /** A mount taken by open_tree or fsmount, which goes when the file is closed, unless it was attached. */
  detached: boolean;
  /** Of a terminal: which end. */
  readonly terminal?: Terminal;
  readonly master?: boolean;
  lock: 'shared' | 'exclusive' | null;
  /** Another process has a copy, so closing every descriptor of it here doesn't close it. */
  heldElsewhere?: boolean;
}

export interface Descriptor {
  readonly file: OpenFile;
  closeOnExec: boolean;
}

export interface Terminal {
  readonly number: number;
  readonly filesystem: Filesystem;
  locked: boolean;
  /** The session that it controls; 0: none. */
  session: number;
  foreground: number;
  rows: number;
  columns: number;
  masterOpen: boolean;
}

export type NamespaceType = 'cgroup' | 'ipc' | 'mnt' | 'net' | 'pid' | 'time' | 'user' | 'uts';

export interface Namespace {
  readonly type: NamespaceType;
  /** As /proc/PID/ns has it, but counted from 1. */
  readonly id: number;
  /** The user namespace in which one needs capabilities to change it; a user namespace's own parent, null for the first. */
  readonly owner: UserNamespace | null;
}

export interface IdRange {
  readonly inside: number;
  readonly outside: number;
  readonly length: number;
}

export interface UserNamespace extends Namespace {
  readonly type: 'user';
  readonly level: number;
  /** Who made it: uid and gid. */
  readonly uid: number;
  readonly gid: number;
  /** As the first user namespace has the ids outside. Empty: nothing was written yet. */
  uidMap: readonly IdRange[];
  gidMap: readonly IdRange[];
  setgroups: 'allow' | 'deny';
  /** Had its maker CAP_SETFCAP? Otherwise root of the parent can't be mapped from inside. */
  readonly makerCouldSetFileCapabilities: boolean;
}

export interface MountNamespace extends Namespace {
  readonly type: 'mnt';
  /** The mount under all others. */
  root: Mount;
}

export interface UtsNamespace extends Namespace {
  readonly type: 'uts';
  hostname: string;
  domainname: string;
}

export interface IpcNamespace extends Namespace {
  readonly type: 'ipc';
  /** What was written to its variables below /proc/sys, by path: `kernel/shmmax`. */
  readonly settings: Map<string, string>;
}

export interface PidNamespace extends Namespace {
  readonly type: 'pid';
  readonly parent: PidNamespace | null;
}

export interface CgroupNamespace extends Namespace {
  readonly type: 'cgroup';
  /** The directory of the cgroup that looks like the root, in each hierarchy. */
  readonly roots: readonly Inode[];
}

export interface NetworkNamespace extends Namespace {
  readonly type: 'net';
  /** Its interfaces, by index. */
  readonly links: Map<number, Link>;
  /** Of the main table, in the order in which the kernel asks those of one destination. */
  readonly routes: Route[];
  readonly neighbours: Neighbour[];
  /** The tables of nftables. */
  readonly tables: NftTable[];
  /** What was written below /proc/sys/net, by path: `ipv4/ip_forward`. */
  readonly settings: Map<string, string>;
  nextIndex: number;
}

/** An interface. */
export interface Link {
  readonly index: number;
  readonly kind: 'loopback' | 'bridge' | 'veth';
  name: string;
  network: NetworkNamespace;
  up: boolean;
  /** null: the kernel chose one. */
  mac: string | null;
  mtu: number;
  mtuChosen: boolean;
  /** The bridge that it's plugged into. */
  master: Link | null;
  /** The other end of a cable. */
  peer: Link | null;
  /** As a port of a bridge. */
  readonly port: { isolated: boolean; learning: boolean; hairpin: boolean };
  readonly addresses: Address[];
}

export interface Address {
  /** As text, in the kernel's spelling. */
  readonly local: string;
  readonly prefix: number;
  readonly scope: number;
  readonly broadcast: string | null;
  /** Another of the same subnet came first. */
  secondary: boolean;
}

export interface Route {
  readonly family: number;
  readonly destination: string;
  readonly prefix: number;
  readonly gateway: string | null;
  readonly link: Link;
  readonly protocol: number;
  readonly scope: number;
  readonly metric: number;
  /** The address that packets leave from, of the kernel's own routes. */
  readonly source: string | null;
}

export interface Neighbour {
  readonly link: Link;
  readonly address: string;
  readonly mac: string;
}

/** A table of nftables. */
export interface NftTable {
  readonly family: NftFamily;
  readonly name: string;
  /** Each chain's lines by its name: what it is (if packets come by there), and its rules, as nft(8) has them. */
  readonly chains: Readonly<Record<string, readonly string[]>>;
}

export type NftFamily = 'ip' | 'ip6' | 'inet' | 'netdev';

export interface Namespaces {
  cgroup: CgroupNamespace;
  ipc: IpcNamespace;
  mnt: MountNamespace;
  net: NetworkNamespace;
  pid: PidNamespace;
  time: Namespace;
  user: UserNamespace;
  uts: UtsNamespace;
}

/** A tree of cgroups: v2's, or one of v1's. */
export interface Hierarchy {
  readonly version: 1 | 2;
  /** What it controls: `pids`, `memory` … */
  readonly controllers: readonly string[];
  /** The name of a v1 hierarchy without controllers: `systemd`. */
  readonly name?: string;
  readonly root: Cgroup;
}

export interface Cgroup {
  readonly name: string;
  readonly parent: Cgroup | null;
  readonly hierarchy: Hierarchy;
  readonly children: Map<string, Cgroup>;
  /** v2: what `cgroup.subtree_control` passes on. */
  readonly passedOn: Set<string>;
  /** Where it is seen in its hierarchy's filesystem. */
  directory: Inode | null;
  /** What was written to its files, by name. */
  readonly values: Map<string, string>;
  /** Processes in it, by the number that the host has for them. */
  readonly processes: Set<number>;
  /** v1: what was written to devices.allow and devices.deny; it begins with what the one above it has. */
  devices: readonly DeviceChange[];
  /** v2: what is asked about devices, of its processes and of those below. */
  readonly programs: (readonly BpfInsn[])[];
  removed: boolean;
}

/** A text written to devices.allow or devices.deny of cgroup v1. */
export interface DeviceChange {
  readonly allows: boolean;
  /** null: all devices. */
  readonly rule: DeviceException | null;
}

/** Devices by type and number, null for any, and what may be done to them: of r, w and m. */
export interface DeviceException {
  readonly type: 'b' | 'c';
  readonly major: number | null;
  readonly minor: number | null;
  readonly access: string;
}

export interface Credentials {
  uid: number;
  euid: number;
  suid: number;
  fsuid: number;
  gid: number;
  egid: number;
  sgid: number;
  fsgid: number;
  /** Supplementary groups, in ascending order. */
  groups: readonly number[];
  /** Capability n is bit n. */
  inheritable: bigint;
  permitted: bigint;
  effective: bigint;
  bounding: bigint;
  ambient: bigint;
  /** SECBIT_* flags. */
  securebits: number;
  noNewPrivs: boolean;
}

export interface Limit {
  readonly soft: bigint;
  readonly hard: bigint;
}

/** The process that makes the calls. */
export interface Process extends Credentials {
  /** Its number on the host, and as its own PID namespace has it. */
  readonly hostPid: number;
  readonly pid: number;
  /** As its own PID namespace has them; 0 for what is outside. */
  readonly ppid: number;
  pgid: number;
  sid: number;
  /** The controlling terminal of its session. */
  terminal: Terminal | null;
  root: Place;
  cwd: Place;
  umask: number;
  readonly descriptors: Map<number, Descriptor>;
  readonly namespaces: Namespaces;
  /** Where its next child goes, if that isn't where it is itself. */
  pidForChildren: PidNamespace;
  timeForChildren: Namespace;
  /** Signals that it ignores, or (as Node does, before execve) handles; all others do what is their default. */
  readonly ignored: Set<number>;
  readonly handled: Set<number>;
  /** Signal n is bit n - 1. */
  blocked: bigint;
  pending: bigint;
  readonly limits: Map<number, Limit>;
  nice: number;
  /** Processors that it may run on. */
  cpus: readonly number[];
  deathSignal: number;
  dumpable: number;
  comm: string;
  childSubreaper: boolean;
  oomScoreAdj: number;
  /** The least oom_score_adj it may take without CAP_SYS_RESOURCE. */
  oomScoreAdjMin: number;
  seccomp: { mode: number; filters: { readonly flags: number; readonly program: readonly SockFilter[] }[] };
  /** Its session keyring, counted from 1. */
  sessionKeyring: number;
  /** The file that it executes now (/proc/PID/exe). */
  executable: Place | null;
  /** The program that it became. */
  executed: Executed | null;
  /** Its exit status, once it has ended. */
  exited: number | null;
  /** The signal that killed it. */
  killed: number | null;
}

export interface Executed {
  readonly place: Place;
  readonly pathname: string;
  readonly argv: readonly string[];
  readonly envp: readonly string[];
}

/** Another process, as far as calls can tell. */
export interface OtherProcess {
  readonly hostPid: number;
  readonly uid: number;
  readonly gid: number;
  readonly pgid: number;
  readonly sid: number;
  readonly namespaces: Namespaces;
  readonly root: Place;
  /** Signals it was sent. */
  readonly received: number[];
}

export interface State {
  readonly process: Process;
  /** The process that started it, and waits. (While that one does something, it is the other way round.) */
  readonly parent: Process;
  /** Is it the other way round just now? */
  readonly isParents?: boolean;
  readonly others: OtherProcess[];
  /** Other machines: the network that the host's eth0 leads to. */
  readonly outside: NetworkNamespace;
  readonly hierarchies: readonly Hierarchy[];
  readonly terminals: Terminal[];
  /** Every mount that is attached, in the order in which they were made. */
  readonly mounts: Set<Mount>;
  /** Filesystems of which the kernel has one for all: the devtmpfs, the sysfs of a network namespace. */
  readonly filesystems: Map<string, Filesystem>;
  /** Mounts that no mount namespace shows: those of pipes, namespaces, sockets. */
  readonly internalMounts: Map<string, Mount>;
  /** Filesystems by name that this kernel has. */
  readonly filesystemTypes: readonly string[];
  readonly firstUserNamespace: UserNamespace;
  readonly cpus: number;
  /** The highest capability. */
  readonly lastCapability: number;
  /** Counts inodes, mounts, namespaces, peer groups. */
  nextInode: number;
  nextMount: number;
  nextNamespace: number;
  nextGroup: number;
  nextDevice: number;
}
