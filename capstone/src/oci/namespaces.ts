import { readlinkSync } from 'node:fs';
import {
  AT_FDCWD,
  type Call,
  CLONE_NEWCGROUP,
  CLONE_NEWIPC,
  CLONE_NEWNET,
  CLONE_NEWNS,
  CLONE_NEWPID,
  CLONE_NEWTIME,
  CLONE_NEWUSER,
  CLONE_NEWUTS,
  close,
  O_CLOEXEC,
  O_RDONLY,
  O_WRONLY,
  openat,
  setns,
  unshare,
  write,
} from 'shared-native';
import type { Namespace } from 'step-10';
import type { Config, OciNamespace } from './config/schema.ts';

/** By the names that config.json has for them. */
const FLAGS: Readonly<Record<OciNamespace['type'], number>> = {
  mount: CLONE_NEWNS,
  uts: CLONE_NEWUTS,
  ipc: CLONE_NEWIPC,
  network: CLONE_NEWNET,
  pid: CLONE_NEWPID,
  cgroup: CLONE_NEWCGROUP,
  time: CLONE_NEWTIME,
  user: CLONE_NEWUSER,
};

const KERNELS: Readonly<Partial<Record<OciNamespace['type'], Namespace>>> = {
  ...{ mount: 'mnt', uts: 'uts', ipc: 'ipc', network: 'net', pid: 'pid', user: 'user' },
};

/** What the namespaces of a bundle come to. */
export interface Namespaces {
  /** Those that its first process is born into. */
  readonly born: readonly Namespace[];
  /** Enters those that are there already. A user namespace comes last: from there nothing of the host's can be entered. */
  readonly join: readonly Call[];
  /** Once it is in its cgroup. */
  readonly setup: readonly Call[];
  /** Is it in another user namespace than this process? */
  readonly isMapped: boolean;
}

/** What linux.namespaces says. */
export function namespacesIn({ linux = {} }: Config): Namespaces {
  const all = linux.namespaces ?? [];
  const isJoined = (one: OciNamespace) => Boolean(one.path) && !isOurs(one);
  const order = Object.keys(FLAGS);
  const entered = all.filter(isJoined).toSorted((one, other) => order.indexOf(one.type) - order.indexOf(other.type));
  const made = all.filter(({ path }) => !path);
  return {
    born: made.flatMap(({ type }) => KERNELS[type] ?? []),
    join: [...(made.some(({ type }) => type === 'time') ? ownTime(linux.timeOffsets) : []), ...entered.flatMap(enter)],
    setup: made.some(({ type }) => type === 'cgroup') ? [unshare(CLONE_NEWCGROUP)] : [],
    isMapped: [...made, ...entered].some(({ type }) => type === 'user'),
  };
}

function enter({ type, path = '' }: OciNamespace): Call[] {
  const file = openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
  return [file, setns(file, FLAGS[type]), close(file)];
}

/** To enter the user namespace that one is in is an error (EINVAL). */
function isOurs({ type, path = '' }: OciNamespace): boolean {
  if (type !== 'user') return false;
  try {
    return readlinkSync(path) === readlinkSync('/proc/self/ns/user');
  } catch {
    return false;
  }
}

/** A time namespace is that of children that come later; its clocks are set before there are any (time_namespaces(7)). */
function ownTime(offsets: NonNullable<Config['linux']>['timeOffsets']): Call[] {
  const lines = Object.entries(offsets ?? {}).map(
    ([clock, { secs = 0, nanosecs = 0 }]) => `${clock} ${secs} ${nanosecs}\n`,
  );
  const file = openat(AT_FDCWD, '/proc/self/timens_offsets', O_WRONLY | O_CLOEXEC);
  return [unshare(CLONE_NEWTIME), ...(lines.length > 0 ? [file, write(file, lines.join('')), close(file)] : [])];
}
