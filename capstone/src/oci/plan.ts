import { join } from 'node:path';
import {
  AT_FDCWD,
  atLeast,
  type Call,
  close,
  defaultSignals,
  MOVE_MOUNT_F_EMPTY_PATH,
  MS_PRIVATE,
  MS_REC,
  MS_SLAVE,
  mount,
  moveMount,
  O_CLOEXEC,
  O_RDWR,
  openat,
  read,
  setdomainname,
  sethostname,
  umask,
} from 'shared-native';
import {
  type Addition,
  becomeRoot,
  emptyPlan,
  extend,
  findHierarchies,
  type Plan,
  placeAt,
  setSysctls,
  setsDeathSignal,
  treeAt,
  writeMaps,
} from 'step-10';
import { cgroupActions } from './cgroups/actions.ts';
import { type CgroupPlace, cgroupPlaces } from './cgroups/place.ts';
import type { Bundle } from './config/bundle.ts';
import type { Config, Process } from './config/schema.ts';
import { v1Mounting } from './mounts/cgroups.ts';
import { madeReadOnly, masked } from './mounts/covered.ts';
import { devices } from './mounts/devices.ts';
import { type Mounting, type MountsOf, mounting } from './mounts/mounts.ts';
import { asMap, type MountUsers } from './mounts/users.ts';
import { namespacesIn } from './namespaces.ts';
import { consoleIn } from './process/console.ts';
import { labels, personalityOf } from './process/labels.ts';
import { giveUp, limitCalls } from './process/privileges.ts';
import { becoming, looksFor } from './process/program.ts';
import { scored } from './process/score.ts';
import { filterOfBundle } from './process/seccomp.ts';
import { streams } from './process/streams.ts';
import { entering, reachOf, sealed } from './root.ts';

/** What the command line says of a container. */
export interface Wanted {
  readonly id: string;
  /** Where its state is kept. */
  readonly directory: string;
  readonly noPivot?: boolean;
  readonly noNewKeyring?: boolean;
  /** How many descriptors after the standard streams it gets. */
  readonly preserveFds?: number;
  /** What is open for ID-mapped mounts. */
  readonly users?: MountUsers;
}

/** A bundle as a plan, and where its first process stops on the way. */
export interface OciPlan {
  readonly plan: Plan;
  readonly cgroups: readonly CgroupPlace[];
  /** Before this call, when all is mounted, hooks are run. */
  readonly mounted: Call;
  /** Before this call, its process is as it is to be, and the command ends. */
  readonly ready: Call;
  /** The calls that say whether its program is there. */
  readonly found: readonly Call[];
  /** The terminal's other end, and the listener of its filter, where it has these. */
  readonly master: Call | undefined;
  readonly listener: Call | undefined;
}

/** The pipe in a container's directory at which it waits for `start`. */
export function fifoIn(directory: string): string {
  return join(directory, 'exec.fifo');
}

// #region a bundle as a list of syscalls
/** The plan of a bundle. Each part is named for the field of config.json that asks for it. @throws {Error} for settings that aren't supported */
export function planOf(bundle: Bundle, wanted: Wanted): OciPlan {
  const { config, rootfs } = bundle;
  const { linux = {}, process = NO_PROCESS } = config;
  const namespaces = namespacesIn(config);
  const cgroups = cgroupPlaces(linux.cgroupsPath, wanted.id, findHierarchies());
  const manner = { readOnly: false, readOnlyBelow: false, recursive: true, propagation: reachOf(linux) } as const;
  const { tree: root, calls: rootTree } = treeAt(rootfs, manner);
  const of: MountsOf = { bundle: bundle.path, rootfs, root, users: wanted.users };
  const isMapped = namespaces.isMapped;
  const mounts = (config.mounts ?? []).map((one) => mountingOf(one, of, cgroups));
  const covers = [
    ...(linux.readonlyPaths ?? []).map((path) => madeReadOnly(path, of)),
    ...(linux.maskedPaths ?? []).map((path) => masked(path, of)),
  ];
  const dev = hasOwnDev(config) ? [devices(linux.devices ?? [], of, isMapped)] : [];
  const console = process.terminal ? consoleIn(root, process, hasOwnDev(config)) : undefined;
  const filter = filterOfBundle(linux.seccomp, process);
  const { memoryPolicy } = linux;
  const given = giveUp(process, { filter, newKeyring: !wanted.noNewKeyring, memoryPolicy, limited: isMapped });
  const listener = linux.seccomp?.listenerPath ? given.seccomp : undefined;
  const fifo = openat(AT_FDCWD, fifoIn(wanted.directory), O_RDWR | O_CLOEXEC);
  const mounted = umask(process.user?.umask ?? 0o022);
  const program = process.args?.length ? becoming(process, rootfs) : [];
  const found = program.map(({ args }) => looksFor(args.pathname));
  const signals = defaultSignals();
  const ready = signals[0] as Call;
  const cwd = placeAt(root, process.cwd, 'directory');
  const last = [...mounts, ...covers].flatMap((one) => one.last);
  const parts: [string, Addition][] = [
    [
      'root',
      {
        outlives: true,
        join: [...rootTree, fifo],
        setup: [
          mount(null, '/', null, MS_REC | (/private/.test(linux.rootfsPropagation ?? '') ? MS_PRIVATE : MS_SLAVE)),
          moveMount(root, '', AT_FDCWD, rootfs, MOVE_MOUNT_F_EMPTY_PATH),
        ],
      },
    ],
    ['linux.cgroupsPath', { actions: cgroupActions(cgroups, linux.resources ?? {}), readings: killCounts(cgroups) }],
    ['linux.uidMappings', isMapped ? users(config) : {}],
    ['mounts', { ...joinedOf(mounts), setup: [umask(0), ...mounts.flatMap(({ setup }) => setup)] }],
    ['linux.devices', parted(dev)],
    ['process.terminal', console ? { setup: console.open, takes: [console.master] } : {}],
    ['process.cwd', { setup: [...cwd, ...cwd.slice(-1).map((call) => close(call))] }],
    ['linux.maskedPaths', parted(covers)],
    ['root.readonly', { setup: [...last, ...(config.root?.readonly ? [sealed(root)] : [])] }],
    ['hooks', { enter: [mounted] }],
    ['linux.sysctl', { enter: setSysctls(Object.entries(linux.sysctl ?? {})) }],
    ['hostname', { enter: named(config) }],
    ['root', entering(root, wanted.noPivot ?? false, linux.rootfsPropagation)],
    ['process', { actions: scored(process), ...streams(process, console?.stdio, wanted.preserveFds ?? 0) }],
    ['process.user', { privileges: given.privileges, ...(listener && { takes: [listener] }) }],
    ['linux.namespaces', { namespaces: namespaces.born, join: namespaces.join, first: { setup: namespaces.setup } }],
    ['process.rlimits', isMapped ? { join: limitCalls(process.rlimits) } : {}],
    [
      'process.args',
      {
        exec: [
          ...[...labels(process).exec, ...personalityOf(linux)],
          ...[...(listener ? given.exec : []), ...found, ...signals],
          ...[atLeast(read(fifo, new Uint8Array(1)), 1), ...(listener ? [] : given.exec), ...program],
        ],
        first: { setup: labels(process).setup },
      },
    ],
  ];
  const plan = parts.reduce((plan: Plan, [field, part]) => extend(plan, field, part), emptyPlan(wanted.id));
  return { plan, cgroups, mounted, ready, found, master: console?.master, listener };
}
// #endregion

/** The files that say whether memory ran out. */
function killCounts(places: readonly CgroupPlace[]): string[] {
  return places.flatMap(({ cgroup }) => ['memory.oom_control', 'memory.events'].map((name) => join(cgroup, name)));
}

/** A config.json needn't have a process until it is started. */
const NO_PROCESS: Process = { cwd: '/' };

/** Where v1 has a controller, programs look for a directory of each. */
function mountingOf(
  one: NonNullable<Config['mounts']>[number],
  of: MountsOf,
  cgroups: readonly CgroupPlace[],
): Mounting {
  const isV1 = cgroups.some(({ hierarchy }) => hierarchy.version === 1);
  return one.type === 'cgroup' && isV1 ? v1Mounting(one, of, cgroups) : mounting(one, of);
}

/** Unless it has the host's, or another that somebody has made. */
function hasOwnDev({ mounts = [] }: Config): boolean {
  const dev = mounts.findLast(({ destination }) => /^\/dev\/?$/.test(destination));
  return !dev || !(dev.type === 'bind' || (dev.options ?? []).some((one) => one === 'bind' || one === 'rbind'));
}

function joinedOf(all: readonly Mounting[]): Pick<Addition, 'join'> {
  return { join: all.flatMap(({ join }) => join) };
}

function parted(all: readonly Mounting[]): Addition {
  return { ...joinedOf(all), setup: all.flatMap(({ setup }) => setup) };
}

/** Its users, and the way to be their root: once the root is attached, whose path may be closed to them. */
function users({ linux = {} }: Config): Addition {
  const { uidMappings = [], gidMappings = [] } = linux;
  const maps = { uids: uidMappings.map(asMap), gids: gidMappings.map(asMap) };
  const isNew = linux.namespaces?.some(({ type, path }) => type === 'user' && !path);
  return {
    actions: isNew ? [writeMaps(maps)] : [],
    setup: becomeRoot().filter((call) => !setsDeathSignal(call)),
  };
}

function named({ hostname, domainname }: Config): Call[] {
  return [...(hostname ? [sethostname(hostname)] : []), ...(domainname ? [setdomainname(domainname)] : [])];
}
