import { type Call, type Fd, makeCall } from '../call.ts';
import { fd, flags, int, path, struct, u32, u64, uint, within } from './arguments.ts';
import { manual } from './manual.ts';

manual('personality', {
  words: ({ persona }) => `run programs as the system ${persona} would`,
  errors: { EINVAL: 'the kernel can’t change it here; leave it out' },
});

/**
 * Sets which system the kernel plays for this process, and those that it starts: PER_LINUX32 has uname(2) say i686.
 *
 * @param persona - a PER_* number
 * @see {@link https://man7.org/linux/man-pages/man2/personality.2.html | personality(2)}
 */
export function personality(persona: number): Call {
  return makeCall('personality', { persona: uint('persona', persona, 'PER=') });
}

/** What sched_setattr(2) is told: struct sched_attr. Times are in nanoseconds. */
export interface SchedulerAttributes {
  /** A SCHED_* number. */
  readonly policy: number;
  /** SCHED_FLAG_* flags. */
  readonly flags?: number;
  readonly nice?: number;
  readonly priority?: number;
  readonly runtime?: number;
  readonly deadline?: number;
  readonly period?: number;
}

manual('sched_setattr', {
  words: ({ attr }) => `be given the processor by these rules: ${attr}`,
  errors: {
    EINVAL: 'the policy doesn’t take these numbers, or the kernel doesn’t have it; see sched(7) for what goes together',
    EPERM: 'it takes CAP_SYS_NICE; run as root',
    EBUSY: 'the processors have no time left for this deadline; ask for less',
  },
});

/**
 * Sets by which rules a process is given the processor.
 *
 * @param pid - 0 is the process that calls
 * @see {@link https://man7.org/linux/man-pages/man2/sched_setattr.2.html | sched_setattr(2)}
 */
export function schedSetattr(pid: number, attr: SchedulerAttributes): Call {
  const { policy, flags: schedFlags = 0, nice = 0, priority = 0, runtime = 0, deadline = 0, period = 0 } = attr;
  return makeCall('sched_setattr', {
    pid: int('pid', pid),
    attr: struct('sched_attr', {
      size: u32('size', 48),
      policy: u32('policy', policy, 'SCHED='),
      flags: { bytes: 8, value: flags('flags', schedFlags, 'SCHED_FLAG') },
      nice: { bytes: 4, value: int('nice', nice) },
      priority: u32('priority', priority),
      runtime: u64('runtime', runtime),
      deadline: u64('deadline', deadline),
      period: u64('period', period),
    }),
    flags: uint('flags', 0),
  });
}

manual('ioprio_set', {
  words: ({ ioprio }) => `wait for disks with priority ${ioprio}`,
  errors: {
    EPERM: 'the class for real time takes CAP_SYS_ADMIN or CAP_SYS_NICE; run as root, or ask for another class',
    EINVAL: 'there is no such class, or the priority is above 7; see ioprio_set(2)',
    ESRCH: 'there is no such process; it may have ended',
  },
});

/**
 * Sets before whom a process gets to a disk.
 *
 * @param which - IOPRIO_WHO_PROCESS
 * @param who - 0 is the process that calls
 * @param ioprio - the class in the upper bits from 13 on, the priority in the lower
 * @see {@link https://man7.org/linux/man-pages/man2/ioprio_set.2.html | ioprio_set(2)}
 */
export function ioprioSet(which: number, who: number, ioprio: number): Call {
  return makeCall('ioprio_set', {
    which: within('which', which, 1, 3),
    who: int('who', who),
    ioprio: int('ioprio', ioprio),
  });
}

manual('faccessat2', {
  page: 'access',
  words: ({ pathname, mode }) => `see whether ${pathname} is there, and may be used so: ${mode}`,
  errors: {
    ENOENT: 'there is nothing at this path; check its spelling, or copy it there',
    EACCES: 'a permission is missing; chmod the file, or those above it',
    ENOTDIR: 'what the path takes for a directory is none; check it',
    ELOOP: 'links lead in a circle; remove one of them',
  },
});

/**
 * Asks whether a file may be used.
 *
 * @param mode - R_OK, W_OK, X_OK; F_OK asks whether it is there
 * @param accessFlags - AT_EACCESS asks for the effective ids
 * @see {@link https://man7.org/linux/man-pages/man2/access.2.html | faccessat2(2)}
 */
export function faccessat2(dirfd: Fd, pathname: string, mode: number, accessFlags = 0): Call {
  return makeCall('faccessat2', {
    dirfd: fd('dirfd', dirfd),
    pathname: path('pathname', pathname),
    mode: flags('mode', mode, 'R_OK|W_OK|X_OK'),
    flags: flags('flags', accessFlags, 'AT_EACCESS'),
  });
}
