import {
  type Call,
  capset,
  KEYCTL_JOIN_SESSION_KEYRING,
  keyctl,
  PR_CAP_AMBIENT,
  PR_CAP_AMBIENT_CLEAR_ALL,
  PR_CAP_AMBIENT_RAISE,
  PR_SET_DUMPABLE,
  PR_SET_KEEPCAPS,
  PR_SET_NO_NEW_PRIVS,
  prctl,
  prlimit64,
  RLIMIT_AS,
  RLIMIT_CORE,
  RLIMIT_CPU,
  RLIMIT_DATA,
  RLIMIT_FSIZE,
  RLIMIT_LOCKS,
  RLIMIT_MEMLOCK,
  RLIMIT_MSGQUEUE,
  RLIMIT_NICE,
  RLIMIT_NOFILE,
  RLIMIT_NPROC,
  RLIMIT_RSS,
  RLIMIT_RTPRIO,
  RLIMIT_RTTIME,
  RLIMIT_SIGPENDING,
  RLIMIT_STACK,
  SECCOMP_SET_MODE_FILTER,
  seccomp,
  tolerate,
} from 'shared-native';
import { become, bound, CAPABILITIES, type Filter, setsDeathSignal } from 'step-10';
import type { OciMemoryPolicy, Process } from '../config/schema.ts';
import { memoryPolicy, scheduling } from './scheduling.ts';

type Sets = NonNullable<Process['capabilities']>;

// #region capabilities of five sets
/** A set as the kernel has it. What this kernel doesn't know, nobody can have. */
function maskOf(names: readonly string[] = []): bigint {
  const numbers = names.map((name) => CAPABILITIES.indexOf(name)).filter((number) => number >= 0);
  return numbers.reduce((mask, number) => mask | (1n << BigInt(number)), 0n);
}

/**
 * The last two of the five are set once the process has its ids: what it keeps, and what stays when it executes a program. Before
 * that, no other process may read its memory, which has the calls that are still to come.
 */
function keepSets({ effective, permitted, inheritable, ambient = [] }: Sets): Call[] {
  const sets = { effective: maskOf(effective), permitted: maskOf(permitted), inheritable: maskOf(inheritable) };
  const raised = ambient.map((name) => CAPABILITIES.indexOf(name)).filter((number) => number >= 0);
  return [
    prctl(PR_SET_DUMPABLE, 0),
    capset(0, sets),
    tolerate(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL), 'EINVAL'),
    ...raised.map((number) => prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, number)),
  ];
}
// #endregion

/** The capabilities that can't be granted, in runc's words. The specification wants a warning then instead of a failure. */
export function lacking(process: Process, here: readonly string[]): string[] {
  const { ambient = [], ...sets } = process.capabilities ?? {};
  const unknown = [...new Set(Object.values(sets).flat())].filter((name) => !here.includes(name));
  const granted = withCapabilities(process, here).capabilities?.ambient ?? [];
  return [
    ...(unknown.length > 0 ? [`ignoring unknown or unavailable capabilities: [${unknown.join(' ')}]`] : []),
    ...ambient
      .filter((name) => !granted.includes(name))
      .map((name) => `can't raise ambient capability ${name}: it is not among those permitted and inheritable`),
  ];
}

/** A process with those that can. @param here - those that this process can pass on */
export function withCapabilities(process: Process, here: readonly string[]): Process {
  const { capabilities = {} } = process;
  const { permitted = [], inheritable = [] } = capabilities;
  const may = (set: string, name: string) =>
    here.includes(name) && (set !== 'ambient' || (permitted.includes(name) && inheritable.includes(name)));
  const granted = Object.entries(capabilities).map(([set, names]) => [set, names.filter((name) => may(set, name))]);
  return { ...process, capabilities: Object.fromEntries(granted) };
}

/** What privileges depend on besides process.json. */
export interface Given {
  readonly filter: Filter | undefined;
  readonly newKeyring: boolean;
  readonly memoryPolicy?: OciMemoryPolicy | undefined;
  /** Have the limits been set before? */
  readonly limited?: boolean;
  /** Comes when all privileges are as they are to be, but for a filter that anybody may install. */
  readonly before?: readonly Call[];
}

// #region in this order
/**
 * What a process gives up. The bounding set and a filter take privileges, so they come first; with no_new_privs the filter
 * comes last of all, and no call but the execve has to pass it.
 */
export function privileges(
  process: Process,
  { filter, newKeyring, memoryPolicy: policy, limited = false }: Given,
): { privileges: Call[]; exec: Call[] } {
  const { user = {}, capabilities = {}, noNewPrivileges = false, rlimits = [] } = process;
  const { uid = 0, gid = 0, additionalGids = [] } = user;
  const installed = filter ? [seccomp(SECCOMP_SET_MODE_FILTER, filter.flags, filter.program)] : [];
  return {
    privileges: [
      ...(newKeyring ? [tolerate(keyctl(KEYCTL_JOIN_SESSION_KEYRING, null), 'ENOSYS')] : []),
      ...scheduling(process),
      ...memoryPolicy(policy),
      ...(limited ? [] : limitCalls(rlimits)),
      ...bound(capabilities.bounding ?? []),
      ...(noNewPrivileges ? [] : installed),
      prctl(PR_SET_KEEPCAPS, 1),
      ...become({ uid, gid, groups: additionalGids, home: '' }).filter((call) => !setsDeathSignal(call)),
      ...keepSets(capabilities),
      ...(noNewPrivileges ? [prctl(PR_SET_NO_NEW_PRIVS, 1)] : []),
    ],
    exec: noNewPrivileges ? installed : [],
  };
}
// #endregion

/** What it may use at most. @throws {Error} for a limit that Linux doesn't have */
export function limitCalls(rlimits: Process['rlimits'] = []): Call[] {
  return rlimits.map(({ type, soft, hard }) => {
    if (!Object.hasOwn(RLIMITS, type)) throw new Error(`process.rlimits: there is no ${type}`);
    return prlimit64(0, RLIMITS[type] as number, { rlim_cur: BigInt(soft), rlim_max: BigInt(hard) });
  });
}

const RLIMITS: Readonly<Record<string, number>> = {
  ...{ RLIMIT_AS, RLIMIT_CORE, RLIMIT_CPU, RLIMIT_DATA, RLIMIT_FSIZE, RLIMIT_LOCKS, RLIMIT_MEMLOCK, RLIMIT_MSGQUEUE },
  ...{ RLIMIT_NICE, RLIMIT_NOFILE, RLIMIT_NPROC, RLIMIT_RSS, RLIMIT_RTPRIO, RLIMIT_RTTIME, RLIMIT_SIGPENDING },
  RLIMIT_STACK,
};

/** What a process gives up, and the call among it that installs its filter. */
export function giveUp(process: Process, given: Parameters<typeof privileges>[1]) {
  const all = privileges(process, given);
  return { ...all, seccomp: [...all.privileges, ...all.exec].find(({ name }) => name === 'seccomp') };
}
