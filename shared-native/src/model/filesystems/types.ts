import { CAP_SYS_ADMIN, S_ISVTX } from '../../kernel/constants.ts';
import { mountedHierarchy } from '../cgroups/mounted.ts';
import { fail } from '../errors.ts';
import { addInode } from '../files/inode.ts';
import { capable } from '../process/capabilities.ts';
import { makeGid, makeUid } from '../process/ids.ts';
import type { Filesystem, OverlayDirectories, Place, State, UserNamespace } from '../state.ts';
import { makeOverlay, takeDirectory } from './overlay.ts';
import { fillProc, fillSys } from './proc-tree.ts';
import { newFilesystem } from './superblock.ts';

/** Options of a filesystem: each with its value, or null for a flag. */
export type Options = ReadonlyMap<string, string | null>;

/** What the kernel knows of a type of filesystem. */
export interface FilesystemType {
  /** May root of a user namespace mount it? */
  readonly inUserNamespace: boolean;
  /** The options it has, each with what its value must look like; null for a flag. */
  readonly options: Readonly<Record<string, RegExp | null>>;
  /** The user namespace it belongs to. */
  readonly owner?: (state: State) => UserNamespace;
  /** Makes it, or finds the one that there is. */
  readonly make: (state: State, options: Options, directories: OverlayDirectories) => Filesystem;
  /** Takes an option that names a directory, which is looked up at once. False if it's another one. */
  readonly directory?: (directories: OverlayDirectories, key: string, find: () => Place) => boolean;
  /** Gives one that is there other options: all that are left out are as if it were new. */
  readonly change?: (state: State, filesystem: Filesystem, options: Options) => void;
}

const NUMBER = /^(0[0-7]*|[1-9]\d*|0x[\da-f]+)$/i;
const OCTAL = /^[0-7]+$/;
const SIZE = /^\d+[kmgtpe%]?$/i;
const ANY = /^/;

/** The filesystems that the model can mount. */
export const TYPES: Readonly<Record<string, FilesystemType>> = {
  tmpfs: {
    inUserNamespace: true,
    options: {
      size: SIZE,
      nr_blocks: SIZE,
      nr_inodes: SIZE,
      mode: OCTAL,
      uid: NUMBER,
      gid: NUMBER,
      noswap: null,
      huge: /^(never|always|within_size|advise)$/,
    },
    make: (state, options) => {
      const { fsuid, fsgid, namespaces } = state.process;
      const root = {
        mode: octal(options, 'mode') ?? 0o1777,
        uid: idOf(options, 'uid', (uid) => makeUid(namespaces.user, uid)) ?? fsuid,
        gid: idOf(options, 'gid', (gid) => makeGid(namespaces.user, gid)) ?? fsgid,
      };
      return newFilesystem(state, 'tmpfs', root, {
        options: shown(options, ['size', 'nr_inodes', 'mode', 'uid', 'gid']),
      });
    },
  },

  ramfs: {
    inUserNamespace: true,
    options: { mode: OCTAL },
    make: (state, options) => {
      const { fsuid, fsgid } = state.process;
      return newFilesystem(state, 'ramfs', { mode: octal(options, 'mode') ?? 0o755, uid: fsuid, gid: fsgid });
    },
  },

  proc: {
    inUserNamespace: true,
    options: { hidepid: ANY, gid: NUMBER, subset: /^pid$/ },
    owner: ({ process }) => process.namespaces.pid.owner as UserNamespace,
    make: (state, options) => {
      const { pid } = state.process.namespaces;
      const proc = newFilesystem(
        state,
        'proc',
        { ...rootOf(pid.owner), mode: 0o555 },
        { pids: pid, owner: pid.owner as UserNamespace },
      );
      fillProc(state, proc, options.has('subset'));
      return proc;
    },
  },

  sysfs: {
    inUserNamespace: true,
    options: {},
    owner: ({ process }) => process.namespaces.net.owner as UserNamespace,
    make: (state) => {
      const { net } = state.process.namespaces;
      if (!capable(state, net.owner as UserNamespace, CAP_SYS_ADMIN)) fail('EPERM');
      return once(state, `sysfs of network namespace ${net.id}`, () => {
        const sys = newFilesystem(state, 'sysfs', { mode: 0o555 }, { owner: net.owner as UserNamespace });
        fillSys(state, sys);
        return sys;
      });
    },
  },

  overlay: {
    inUserNamespace: true,
    options: {
      lowerdir: ANY,
      'lowerdir+': ANY,
      upperdir: ANY,
      workdir: ANY,
      redirect_dir: /^(on|off|follow|nofollow)$/,
      metacopy: /^(on|off)$/,
      index: /^(on|off)$/,
      xino: /^(on|off|auto)$/,
      userxattr: null,
      volatile: null,
    },
    make: (state, _options, directories) => makeOverlay(state, directories),
    directory: takeDirectory,
  },

  devtmpfs: {
    inUserNamespace: false,
    options: { size: SIZE, mode: OCTAL },
    make: (state) => once(state, 'devtmpfs', () => newFilesystem(state, 'devtmpfs', { mode: 0o755 })),
  },

  devpts: {
    inUserNamespace: true,
    options: { uid: NUMBER, gid: NUMBER, mode: OCTAL, ptmxmode: OCTAL, newinstance: null, max: NUMBER },
    make: (state, options) => {
      const { user } = state.process.namespaces;
      const pts = newFilesystem(state, 'devpts', { mode: 0o755 }, { options: ptsOptions(state, options) });
      const ptmx = { type: 'character', mode: octal(options, 'ptmxmode') ?? 0, rdev: 0x502 } as const;
      addInode(state, pts.root, 'ptmx', { ...ptmx, ...rootOf(user) });
      return pts;
    },
    change: (state, pts, options) => {
      pts.options = ptsOptions(state, options);
      const ptmx = pts.root.entries.get('ptmx');
      if (ptmx) ptmx.mode = octal(options, 'ptmxmode') ?? 0;
    },
  },

  mqueue: {
    inUserNamespace: true,
    options: {},
    owner: ({ process }) => process.namespaces.ipc.owner as UserNamespace,
    make: (state) => {
      const { ipc } = state.process.namespaces;
      const root = { ...rootOf(ipc.owner), mode: 0o777 | S_ISVTX };
      return once(state, `mqueue of IPC namespace ${ipc.id}`, () =>
        newFilesystem(state, 'mqueue', root, { owner: ipc.owner as UserNamespace }),
      );
    },
  },

  cgroup2: {
    inUserNamespace: true,
    options: { nsdelegate: null, favordynmods: null, memory_localevents: null, memory_recursiveprot: null },
    owner: ({ process }) => process.namespaces.cgroup.owner as UserNamespace,
    make: (state) => mountedHierarchy(state, 2, new Map()),
  },

  cgroup: {
    inUserNamespace: true,
    options: {
      none: null,
      all: null,
      noprefix: null,
      clone_children: null,
      xattr: null,
      name: ANY,
      release_agent: ANY,
      cpu: null,
      cpuacct: null,
      cpuset: null,
      memory: null,
      devices: null,
      freezer: null,
      blkio: null,
      pids: null,
      net_cls: null,
      net_prio: null,
      perf_event: null,
      hugetlb: null,
      rdma: null,
      misc: null,
    },
    owner: ({ process }) => process.namespaces.cgroup.owner as UserNamespace,
    make: (state, options) => mountedHierarchy(state, 1, options),
  },
};

/** The kernel has one of these for all who mount it. */
function once(state: State, key: string, make: () => Filesystem): Filesystem {
  const filesystem = state.filesystems.get(key) ?? make();
  state.filesystems.set(key, filesystem);
  return filesystem;
}

/** Root of a user namespace, as owner of a file; of one in which nobody is root yet, the first one's. */
function rootOf(namespace: UserNamespace | null): { uid: number; gid: number } {
  if (!namespace) return { uid: 0, gid: 0 };
  return { uid: makeUid(namespace, 0) ?? 0, gid: makeGid(namespace, 0) ?? 0 };
}

function octal(options: Options, name: string): number | undefined {
  const text = options.get(name);
  return text ? Number.parseInt(text, 8) & 0o7777 : undefined;
}

function idOf(options: Options, name: string, make: (id: number) => number | undefined): number | undefined {
  const text = options.get(name);
  return text ? (make(Number(text)) ?? fail('EINVAL')) : undefined;
}

function shown(options: Options, names: readonly string[]): string {
  return names
    .filter((name) => options.has(name))
    .map((name) => `${name}=${options.get(name)}`)
    .join(',');
}

function ptsOptions(state: State, options: Options): string {
  const { user } = state.process.namespaces;
  const uid = idOf(options, 'uid', (id) => makeUid(user, id));
  const gid = idOf(options, 'gid', (id) => makeGid(user, id));
  const ids = [uid === undefined ? '' : `uid=${uid}`, gid === undefined ? '' : `gid=${gid}`].filter(Boolean);
  const mode = (name: string, otherwise: number) => (octal(options, name) ?? otherwise).toString(8).padStart(3, '0');
  return [...ids, `mode=${mode('mode', 0o600)}`, `ptmxmode=${mode('ptmxmode', 0)}`].join(',');
}
