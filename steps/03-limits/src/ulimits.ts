import * as native from 'shared-native';
import { type Call, perform, prlimit64, RLIM_INFINITY } from 'shared-native';

/** The kernel's number of each limit that docker names (getrlimit(2)). */
const RESOURCES = {
  core: native.RLIMIT_CORE,
  cpu: native.RLIMIT_CPU,
  data: native.RLIMIT_DATA,
  fsize: native.RLIMIT_FSIZE,
  locks: native.RLIMIT_LOCKS,
  memlock: native.RLIMIT_MEMLOCK,
  msgqueue: native.RLIMIT_MSGQUEUE,
  nice: native.RLIMIT_NICE,
  nofile: native.RLIMIT_NOFILE,
  nproc: native.RLIMIT_NPROC,
  rss: native.RLIMIT_RSS,
  rtprio: native.RLIMIT_RTPRIO,
  rttime: native.RLIMIT_RTTIME,
  sigpending: native.RLIMIT_SIGPENDING,
  stack: native.RLIMIT_STACK,
} as const;

/** A limit that each process has for itself, in the resource's own unit; -1 is none. */
export interface Ulimit {
  readonly name: keyof typeof RESOURCES;
  readonly soft: bigint;
  readonly hard: bigint;
}

// #region ulimits
/** Parses `nofile=512:1024`: the soft limit, which applies, and the hard one, up to which the process may raise it. */
export function parseUlimit(text: string): Ulimit {
  const [, name = '', softText = '', hardText = softText] = /^([^=]*)=([^:]*)(?::(.*))?$/s.exec(text) ?? [];
  const [soft, hard] = [int64(softText), int64(hardText)];
  if (soft === undefined || hard === undefined) {
    throw new Error(`Expected --ulimit to be like nofile=512:1024, got ${JSON.stringify(text)}`);
  }
  if (!isResource(name)) {
    const names = Object.keys(RESOURCES).join(', ');
    throw new Error(`Expected --ulimit to name one of ${names}, got ${JSON.stringify(text)}`);
  }
  if (hard !== -1n && (soft === -1n || soft > hard)) {
    throw new Error(`Expected --ulimit to have no soft limit above its hard one, got ${JSON.stringify(text)}`);
  }
  return { name, soft, hard };
}

/** The calls by which a process limits itself. They come late: with few descriptors, it couldn't do the rest. */
export function ulimitCalls(ulimits: readonly Ulimit[]): Call[] {
  return ulimits.map(({ name, soft, hard }) =>
    prlimit64(0, RESOURCES[name], { rlim_cur: unlimited(soft), rlim_max: unlimited(hard) }),
  );
}
// #endregion

/** A limit as this process has it. */
export function ownLimit(name: Ulimit['name']): Ulimit {
  const limits = new BigUint64Array(2);
  perform(prlimit64(0, RESOURCES[name], null, new Uint8Array(limits.buffer)));
  const [soft = 0n, hard = 0n] = limits;
  return { name, soft: BigInt.asIntN(64, soft), hard: BigInt.asIntN(64, hard) };
}

/** If there are several for one resource, the last one counts, as with docker. */
export function addUlimit(text: string, before: readonly Ulimit[] = []): Ulimit[] {
  const ulimit = parseUlimit(text);
  return [...before.filter(({ name }) => name !== ulimit.name), ulimit];
}

function unlimited(limit: bigint): bigint {
  return limit === -1n ? RLIM_INFINITY : BigInt.asUintN(64, limit);
}

function isResource(name: string): name is Ulimit['name'] {
  return Object.hasOwn(RESOURCES, name);
}

function int64(text: string): bigint | undefined {
  const value = /^[+-]?\d+$/.test(text) ? BigInt(text.replace('+', '')) : undefined;
  return value !== undefined && value === BigInt.asIntN(64, value) ? value : undefined;
}
