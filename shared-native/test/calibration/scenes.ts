import {
  AT_FDCWD,
  type Call,
  CLONE_NEWIPC,
  CLONE_NEWNS,
  CLONE_NEWPID,
  CLONE_NEWUSER,
  chdir,
  chmod,
  chown,
  chroot,
  close,
  MS_PRIVATE,
  MS_REC,
  makedev,
  mkdir,
  mknod,
  mount,
  O_CREAT,
  O_WRONLY,
  openat,
  S_IFCHR,
  symlink,
  umask,
} from '../../src/index.ts';
import type { IdRange } from '../../src/model/index.ts';

/** Where a program is made: the namespaces that it is born into, and the calls that prepare its file tree. */
export interface Scene {
  readonly name: string;
  /** CLONE_NEW* flags. */
  readonly clone: number;
  readonly uidMap?: readonly IdRange[];
  readonly gidMap?: readonly IdRange[];
  readonly setgroups?: 'allow' | 'deny';
  /** Calls that come first; they are compared, too. */
  readonly before: () => readonly Call[];
  /** Is the tree below its root small enough to be compared as a whole? */
  readonly tree: boolean;
  /** Are the interfaces, addresses and routes of two network namespaces compared? */
  readonly networks?: boolean;
  /** Are mounts, descriptors' files and namespaces compared? */
  readonly places?: boolean;
}

const range = (inside: number, outside: number, length: number): IdRange => ({ inside, outside, length });
const none = () => [];

/** The host's own tree, whose programs can be executed. */
export const HOST: Scene = { name: 'host', clone: 0, before: none, tree: false };

/** The first process of a PID namespace. */
export const INIT: Scene = { name: 'init', clone: CLONE_NEWPID | CLONE_NEWIPC, before: none, tree: false };

/** A user namespace in which root is some other user of the host's, as newuidmap sets it up. */
export const ROOTLESS: Scene = {
  name: 'rootless',
  clone: CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID,
  uidMap: [range(0, 0, 1), range(1, 100_001, 2000)],
  gidMap: [range(0, 0, 1), range(1, 100_001, 2000)],
  before: none,
  tree: false,
};

/** A user namespace that doesn't know its own first process's ids. */
export const STRANGER: Scene = {
  ...ROOTLESS,
  name: 'stranger',
  uidMap: [range(0, 100_000, 2001)],
  gidMap: [range(0, 100_000, 2001)],
};

/** One that may not change its groups. */
export const DENIED: Scene = { ...ROOTLESS, name: 'denied', gidMap: [range(0, 0, 1)], setgroups: 'deny' };

/** A small tree with files of all owners, and terminals. */
export const SANDBOX: Scene = { name: 'sandbox', clone: CLONE_NEWNS | CLONE_NEWPID, before: sandbox, tree: true };

/** The same where no devices can be made. */
export const ROOTLESS_SANDBOX: Scene = { ...ROOTLESS, name: 'rootless sandbox', before: rootlessSandbox, tree: true };

/** The directory on which the sandboxes are mounted: one that every machine has. */
export const TOP = '/mnt';

function sandbox(): Call[] {
  const device = (name: string, major: number, minor: number) =>
    mknod(`${TOP}/${name}`, S_IFCHR | 0o666, makedev(major, minor));
  return inside([device('ptmx', 5, 2), device('tty', 5, 0), device('null', 1, 3)], 'mode=620,ptmxmode=666,gid=5');
}

function rootlessSandbox(): Call[] {
  return inside([symlink('pts/ptmx', `${TOP}/ptmx`)], 'newinstance,mode=620,ptmxmode=666');
}

function inside(own: readonly Call[], devpts: string): Call[] {
  const file = (name: string, mode: number, uid: number, gid: number): Call[] => {
    const made = openat(AT_FDCWD, `${TOP}/${name}`, O_CREAT | O_WRONLY, 0o666);
    return [made, chown(`${TOP}/${name}`, uid, gid), chmod(`${TOP}/${name}`, mode), close(made)];
  };
  return [
    mount('none', '/', null, MS_REC | MS_PRIVATE),
    mount('tmpfs', TOP, 'tmpfs', 0, 'mode=755'),
    umask(0),
    mkdir(`${TOP}/pts`, 0o755),
    mount('devpts', `${TOP}/pts`, 'devpts', 0, devpts),
    ...own,
    ...file('plain', 0o644, 0, 0),
    ...file('mine', 0o664, 1000, 1000),
    ...file('suid', 0o4755, 1000, 5),
    ...file('sgid', 0o2755, 5, 1000),
    ...file('lock', 0o2644, 1000, 5),
    mkdir(`${TOP}/shared`, 0o1777),
    mkdir(`${TOP}/group`, 0o2775),
    chown(`${TOP}/group`, 1000, 5),
    mkdir(`${TOP}/private`, 0o700),
    symlink('mine', `${TOP}/link`),
    symlink('/nowhere', `${TOP}/lost`),
    chroot(TOP),
    chdir('/'),
  ];
}
