import { type Argument, type Call, makeCall } from '../call.ts';
import { bitmap, id, int, room, struct, u64, ulong, within, wordsFor } from './arguments.ts';
import { manual } from './manual.ts';

/** A soft limit, which counts, and a hard one, up to which the process may raise it. RLIM_INFINITY is none. */
export interface ResourceLimit {
  readonly rlim_cur: number | bigint;
  readonly rlim_max: number | bigint;
}

const limitErrors = {
  EPERM:
    'a hard limit can only be lowered without CAP_SYS_RESOURCE on the host, or RLIMIT_NOFILE is above /proc/sys/fs/nr_open; ask for less',
  EINVAL: 'the soft limit is above the hard one, or the kernel has no such resource; check both',
  EFAULT: 'the limit does not lie in memory that this process may read; call it through this package',
};

manual('setrlimit', {
  page: 'getrlimit',
  words: ({ resource, rlim }) => `limit ${resource} to ${rlim}`,
  errors: limitErrors,
});

/**
 * Limits a resource of this process; its children inherit the limit, and execve keeps it.
 *
 * @param resource - RLIMIT_NOFILE (descriptors), RLIMIT_AS (bytes), RLIMIT_CPU (seconds) …
 * @param rlim - soft and hard limit, in the resource's own unit
 * @see {@link https://man7.org/linux/man-pages/man2/setrlimit.2.html | setrlimit(2)}
 */
export function setrlimit(resource: number, rlim: ResourceLimit): Call {
  return makeCall('setrlimit', { resource: int('resource', resource, 'RLIMIT='), rlim: rlimit('rlim', rlim) });
}

manual('prlimit64', {
  page: 'getrlimit',
  words: ({ pid, resource, new_limit }) =>
    `${new_limit === 'NULL' ? 'ask for' : 'set'} the limit ${resource} of ${pid === '0' ? 'this process' : `process ${pid}`}${new_limit === 'NULL' ? '' : `: ${new_limit}`}`,
  errors: {
    ...limitErrors,
    EPERM:
      'the process belongs to another user, or a hard limit is to be raised without CAP_SYS_RESOURCE on the host; ask for less, or run as root',
    ESRCH: 'there is no such process in this PID namespace; it may have ended',
  },
});

/**
 * Limits a resource of any process, or asks for the limit.
 *
 * @param pid - 0 is this process
 * @param resource - an RLIMIT_* number
 * @param newLimit - soft and hard limit, in the resource's own unit; null only asks
 * @param oldLimit - 16 bytes of room for the limits before: soft, hard; or null
 * @throws {RangeError} if the room isn't 16 bytes
 * @see {@link https://man7.org/linux/man-pages/man2/prlimit.2.html | prlimit(2)}
 */
export function prlimit64(
  pid: number,
  resource: number,
  newLimit: ResourceLimit | null,
  oldLimit: Uint8Array | null = null,
): Call {
  return makeCall('prlimit64', {
    pid: int('pid', pid),
    resource: int('resource', resource, 'RLIMIT='),
    new_limit: newLimit ? rlimit('new_limit', newLimit) : { kind: 'null' },
    old_limit: oldLimit ? room(oldLimit, 16, 'old_limit') : { kind: 'null' },
  });
}

function rlimit(name: string, limit: ResourceLimit): Argument {
  return struct('rlimit', {
    rlim_cur: u64(`${name}.rlim_cur`, limit.rlim_cur, 'RLIM='),
    rlim_max: u64(`${name}.rlim_max`, limit.rlim_max, 'RLIM='),
  });
}

manual('sched_setaffinity', {
  words({ pid, mask = '' }) {
    const cpus = [...mask.matchAll(/=\[([^\]]+)\]/g)].map(([, numbers]) => numbers).join(', ');
    return `run ${pid === '0' ? 'this process' : `process ${pid}`} on these processors only: ${cpus || 'none'}`;
  },
  errors: {
    EINVAL:
      'none of these processors is there, or the cpuset of this cgroup has none of them; see Cpus_allowed_list in /proc/self/status',
    EPERM: 'the process belongs to another user, and CAP_SYS_NICE is missing; run as root',
    ESRCH: 'there is no such process in this PID namespace; it may have ended',
  },
});

/**
 * Chooses the processors that a thread may run on. A program can choose others again: a cgroup's cpuset is what holds.
 *
 * @param pid - 0 is this thread
 * @param cpus - numbers of processors, from 0
 * @throws {RangeError} if a number isn't from 0 to 8191
 * @see {@link https://man7.org/linux/man-pages/man2/sched_setaffinity.2.html | sched_setaffinity(2)}
 */
export function schedSetaffinity(pid: number, cpus: readonly number[]): Call {
  return makeCall('sched_setaffinity', {
    pid: int('pid', pid),
    cpusetsize: ulong('cpusetsize', 8 * wordsFor(cpus)),
    mask: bitmap('cpu_set_t', 'cpus', cpus, 'CPU'),
  });
}

manual('sched_yield', {
  words: () => 'let another process run first',
  errors: { ENOSYS: 'a seccomp filter stands in the way, as nothing else does; allow sched_yield there' },
});

/**
 * Lets other threads run first.
 *
 * @see {@link https://man7.org/linux/man-pages/man2/sched_yield.2.html | sched_yield(2)}
 */
export function schedYield(): Call {
  return makeCall('sched_yield', {});
}

manual('setpriority', {
  page: 'getpriority',
  words: ({ who, prio }) => `run ${who === '0' ? 'this process' : who} with niceness ${prio}: -20 goes first, 19 last`,
  errors: {
    EACCES: 'a lower niceness needs CAP_SYS_NICE on the host or a higher RLIMIT_NICE; take a higher one',
    EPERM: 'the process belongs to another user; run as root',
    ESRCH: 'there is no such process, group or user here; it may have ended',
    EINVAL: 'which must be PRIO_PROCESS, PRIO_PGRP or PRIO_USER',
  },
});

/**
 * Sets how nice a process is to others: its share of a busy processor.
 *
 * @param which - PRIO_PROCESS, PRIO_PGRP or PRIO_USER
 * @param who - a process, group or user; 0 is the calling one
 * @param prio - niceness, -20 (goes first) to 19 (goes last)
 * @see {@link https://man7.org/linux/man-pages/man2/setpriority.2.html | setpriority(2)}
 */
export function setpriority(which: number, who: number, prio: number): Call {
  return makeCall('setpriority', {
    which: int('which', which, 'PRIO='),
    who: id('who', who),
    prio: within('prio', prio, -20, 19),
  });
}
