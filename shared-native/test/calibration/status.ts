/** Fields of /proc/PID/status that calls of these families change. */
export const FIELDS = [
  'Umask',
  'Uid',
  'Gid',
  'Groups',
  'SigBlk',
  'SigIgn',
  'CapInh',
  'CapPrm',
  'CapEff',
  'CapBnd',
  'CapAmb',
  'NoNewPrivs',
  'Seccomp',
  'Seccomp_filters',
  'Cpus_allowed_list',
] as const;

/** A field of /proc/PID/status; '' if it isn't there. */
export function field(status: string, name: string): string {
  return new RegExp(`^${name}:[ \\t]*(.*)$`, 'm').exec(status)?.[1]?.trim() ?? '';
}

/** The names of /proc/PID/limits, by the number of the resource. */
const LIMITS = [
  'cpu time',
  'file size',
  'data size',
  'stack size',
  'core file size',
  'resident set',
  'processes',
  'open files',
  'locked memory',
  'address space',
  'file locks',
  'pending signals',
  'msgqueue size',
  'nice priority',
  'realtime priority',
  'realtime timeout',
];

/** Soft and hard limit of each resource, as /proc/PID/limits has them. */
export function limitsOf(limits: string): Map<number, { soft: bigint; hard: bigint }> {
  const number = (text = '') => (text === 'unlimited' ? 2n ** 64n - 1n : BigInt(text));
  const one = (name: string, resource: number) => {
    const [, soft, hard] = new RegExp(`^Max ${name}\\s+(\\S+)\\s+(\\S+)`, 'm').exec(limits) ?? [];
    return [resource, { soft: number(soft), hard: number(hard) }] as const;
  };
  return new Map(LIMITS.map(one));
}

/** A set of signals or capabilities as /proc/PID/status has it. */
export function hex(set: bigint): string {
  return set.toString(16).padStart(16, '0');
}

/** What of /proc/PID/status, limits and stat is compared. */
export function shownOf(status: string, limits: string, stat: string): Record<string, string> {
  const [, comm = '', rest = ''] = /\((.*)\) (.*)/.exec(stat) ?? [];
  const own = (name: string) => field(status, name).split(/\s+/).at(-1) ?? ''; // the last is what its own PID namespace has
  return {
    ...Object.fromEntries(FIELDS.map((name) => [name, field(status, name).replaceAll(/\s+/g, ' ')])),
    ...Object.fromEntries(
      [...limitsOf(limits)].map(([resource, { soft, hard }]) => [`limit ${resource}`, `${soft} ${hard}`]),
    ),
    pending: hex(BigInt(`0x${field(status, 'SigPnd')}`) | BigInt(`0x${field(status, 'ShdPnd')}`)), // of the thread, of the process
    comm,
    nice: rest.split(' ')[16] ?? '',
    group: own('NSpgid'),
    session: own('NSsid'),
  };
}
