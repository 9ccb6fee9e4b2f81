import { type Namespace, userNamespace } from 'step-09';
import { namesIn } from '../capabilities.ts';
import { type DeviceControl, mayUse } from './device-control.ts';
import { isKernels, type Mount, mountsIn, onHost } from './mounts.ts';
import type { Node, Texts } from './process.ts';

/** The sets of capabilities that a process has: capabilities(7). */
type CapabilitySet = 'bounding' | 'permitted' | 'effective' | 'inheritable' | 'ambient';

/** What could be read of a running container. It is plain data: JSON can have it. */
export interface Facts {
  /** Real, effective, saved and filesystem id of its first process, as the host counts. */
  readonly uids: readonly number[];
  readonly gids: readonly number[];
  /** The maps of its user namespace: inside, outside, how many. */
  readonly uidMap: readonly (readonly [number, number, number])[];
  readonly gidMap: readonly (readonly [number, number, number])[];
  readonly capabilities: Readonly<Record<CapabilitySet, readonly string[]>>;
  /** What decides on its system calls, and how many filters do. */
  readonly seccomp: 'none' | 'strict' | 'filter' | 'not known';
  readonly filters: number;
  readonly noNewPrivileges: boolean;
  readonly namespaces: Readonly<Partial<Record<Namespace, 'own' | "the host's">>>;
  /** Is its root another than that of its mounts? */
  readonly chrooted: string | undefined;
  /** Its mounts of files, and where the host has these; undefined: nowhere. */
  readonly files: readonly {
    readonly path: string;
    readonly type: string;
    readonly host: string | undefined;
    readonly writable: boolean;
  }[];
  /** Paths of the kernel's that are covered, those that can't be written, and those of docker's that are neither. */
  readonly masked: readonly string[];
  readonly readOnly: readonly string[];
  readonly exposed: readonly string[];
  readonly label: string | undefined;
  readonly limits: Readonly<Record<string, string>>;
  readonly devices: {
    readonly by: DeviceControl['by'];
    /** v1's rules, or how long v2's programs are. */
    readonly rules: readonly string[];
    /** The nodes in its /dev; can it open them for reading, as far as cgroups go? */
    readonly nodes: readonly (Node & { readonly opens: boolean | undefined })[];
    /** The host's disks that it could open if it had a node of them. */
    readonly disks: readonly string[];
  };
}

/** Is its root nobody on the host? */
export function hasOwnUsers({ namespaces }: Facts): boolean {
  return namespaces.user === 'own';
}

/** What the texts of a process say. */
export function factsOf(texts: Texts): Facts {
  const field = (name: string) => new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(texts.status)?.[1] ?? '';
  const numbers = (name: string) => field(name).split(/\s+/).map(Number);
  const mounts = mountsIn(texts.mountinfo);
  const set = (short: string) => namesIn(field(`Cap${short}`) || '0');
  const { uids, gids } = userNamespace((file) => ({ uid_map: texts.uidMap, gid_map: texts.gidMap })[file] ?? '');
  return {
    uids: numbers('Uid'),
    gids: numbers('Gid'),
    uidMap: uids.map(({ inside, outside, count }) => [inside, outside, count]),
    gidMap: gids.map(({ inside, outside, count }) => [inside, outside, count]),
    capabilities: {
      bounding: set('Bnd'),
      permitted: set('Prm'),
      effective: set('Eff'),
      inheritable: set('Inh'),
      ambient: set('Amb'),
    },
    seccomp: MODES[Number(field('Seccomp'))] ?? 'not known',
    filters: Number(field('Seccomp_filters')),
    noNewPrivileges: field('NoNewPrivs') === '1',
    namespaces: namespaces(texts),
    chrooted: texts.root === '/' ? undefined : texts.root,
    files: files(mounts, mountsIn(texts.ourMountinfo)),
    ...kernels(mounts, texts),
    label: texts.label || undefined,
    limits: texts.limits,
    devices: devices(texts),
  };
}

const MODES = ['none', 'strict', 'filter'] as const;

function namespaces({ namespaces, ourNamespaces }: Texts): Facts['namespaces'] {
  const entries = Object.entries(namespaces).map(([kind, id]) => {
    return [kind, id === ourNamespaces[kind as Namespace] ? "the host's" : 'own'];
  });
  return Object.fromEntries(entries);
}

function files(mounts: readonly Mount[], hosts: readonly Mount[]): Facts['files'] {
  return uppermost(mounts)
    .filter((mount) => !isKernels(mount) && !isCover(mount))
    .map((mount) => {
      const { path, type, writable } = mount;
      return { path, type, host: onHost(mount, hosts), writable };
    });
}

/** What of the kernel's is walled off, and what docker would have walled off besides. */
function kernels(mounts: readonly Mount[], { walled }: Texts): Pick<Facts, 'masked' | 'readOnly' | 'exposed'> {
  const there = uppermost(mounts);
  const masked = there.filter(isCover).map(({ path }) => path);
  const readOnly = there.filter((one) => isKernels(one) && !one.writable && isBelow(one.path)).map(({ path }) => path);
  const isOf = (paths: readonly string[], path: string) => paths.some((one) => `${path}/`.startsWith(`${one}/`));
  const exposed = [
    ...walled.masked.filter((path) => !isOf(masked, path)),
    ...walled.readOnly.filter((path) => !isOf([...masked, ...readOnly], path)),
    ...there.filter((one) => isSys(one) && one.writable).map(({ path }) => path),
  ];
  return { masked, readOnly, exposed };
}

/** Through these, a release_agent or an uevent helper would be a program that the kernel starts on the host. */
function isSys({ path, type }: Mount): boolean {
  return ['sysfs', 'cgroup', 'cgroup2'].includes(type) && `${path}/`.startsWith('/sys/');
}

/** Of several at one path, the last covers the others. */
function uppermost(mounts: readonly Mount[]): Mount[] {
  return [...new Map(mounts.map((mount) => [mount.path, mount])).values()];
}

/** Below /proc and /sys there is nothing of another filesystem but what is to cover something. */
function isCover({ path, type, root }: Mount): boolean {
  return isBelow(path) && (type === 'tmpfs' || root === '/null') && !path.startsWith('/sys/fs/cgroup');
}

function isBelow(path: string): boolean {
  return /^\/(proc|sys)\/./.test(path);
}

function devices({ nodes, devices, disks }: Texts): Facts['devices'] {
  const opens = (node: Omit<Node, 'path'>) => mayUse(devices, { ...node, access: 'r' });
  return {
    by: devices.by,
    rules: rulesOf(devices),
    nodes: nodes.map((node) => ({ ...node, opens: opens(node) })),
    disks: disks.filter((disk) => {
      const [major = 0, minor = 0] = disk.split(':').map(Number);
      return opens({ type: 'b', major, minor }) !== false;
    }),
  };
}

function rulesOf(control: DeviceControl): string[] {
  if (control.by === 'list') return [...control.rules];
  return control.by === 'program' ? control.programs.map(({ length }) => `a program of ${length} instructions`) : [];
}
