import { type Argument, type Call, type Fd, makeCall } from '../call.ts';
import { SIG_DFL, SIG_IGN } from '../kernel/constants.ts';
import { bytes, fd, flags, int, type Signal, signal, signals, struct, u64, uint, ulong, within } from './arguments.ts';
import { manual } from './manual.ts';

/** Bytes of the kernel's signal set: 64 signals, a bit each. The C library's is larger. */
const SIGSET_BYTES = 8;

const sendErrors = {
  ESRCH: 'there is no such process any more; it has ended and been waited for, so there is nothing left to do',
  EPERM:
    'the process belongs to another user, or to a user namespace in which this one has no CAP_KILL; send it from the host or as root',
  EINVAL: 'there is no such signal; see signal(7)',
};

manual('kill', {
  words: ({ pid, sig }) => (sig === '0' ? `see whether process ${pid} is there` : `send ${sig} to process ${pid}`),
  errors: sendErrors,
});

/**
 * Sends a signal to a process by its number, which may have passed to another process meanwhile. A PID namespace's
 * first process gets from inside only the signals that it handles.
 *
 * @param pid - a process; 0 is this process group, -1 everyone, less than -1 a process group
 * @param sig - by name or number; 0 only checks
 * @see {@link https://man7.org/linux/man-pages/man2/kill.2.html | kill(2)}
 */
export function kill(pid: number, sig: Signal): Call {
  return makeCall('kill', { pid: int('pid', pid), sig: signal('sig', sig) });
}

manual('pidfd_open', {
  words: ({ pid }) => `take hold of process ${pid} by a descriptor, which never means another process`,
  errors: {
    ESRCH: 'there is no such process in this PID namespace; it may have ended',
    EINVAL: 'the pid is not positive, or is a thread that is no process; give the number of the process',
    EMFILE: 'this process has as many open descriptors as RLIMIT_NOFILE allows; close some, or raise the limit',
    ENOSYS: 'the kernel is older than Linux 5.3; update it',
  },
});

/**
 * Opens a descriptor of a process. It becomes readable when the process ends.
 *
 * @param pid - a process of this PID namespace
 * @param pidfdFlags - PIDFD_NONBLOCK or 0
 * @see {@link https://man7.org/linux/man-pages/man2/pidfd_open.2.html | pidfd_open(2)}
 */
export function pidfdOpen(pid: number, pidfdFlags = 0): Call {
  return makeCall('pidfd_open', {
    pid: within('pid', pid, 1, 2 ** 31 - 1),
    flags: flags('flags', pidfdFlags, 'PIDFD_NONBLOCK'),
  });
}

manual('pidfd_send_signal', {
  words: ({ pidfd, sig }) => `send ${sig} to the process of descriptor ${pidfd}`,
  errors: {
    ...sendErrors,
    EBADF: 'the descriptor is not one of a process; open it with pidfd_open, or by clone with CLONE_PIDFD',
    ENOSYS: 'the kernel is older than Linux 5.1; update it',
  },
});

/**
 * Sends a signal to the process that a descriptor stands for, and to no other that took its number.
 *
 * @param pidfd - from pidfd_open, or clone with CLONE_PIDFD
 * @param sig - by name or number; 0 only checks
 * @param info - a siginfo_t for the receiver; null for the one that kill makes
 * @param sendFlags - 0, or PIDFD_SIGNAL_* of Linux 6.9
 * @see {@link https://man7.org/linux/man-pages/man2/pidfd_send_signal.2.html | pidfd_send_signal(2)}
 */
export function pidfdSendSignal(pidfd: Fd, sig: Signal, info: Uint8Array | null = null, sendFlags = 0): Call {
  return makeCall('pidfd_send_signal', {
    pidfd: fd('pidfd', pidfd),
    sig: signal('sig', sig),
    info: info ? bytes(info) : { kind: 'null' },
    flags: flags('flags', sendFlags, 'PIDFD_SIGNAL'),
  });
}

manual('pidfd_getfd', {
  words: ({ pidfd, targetfd }) => `copy descriptor ${targetfd} of the process of descriptor ${pidfd}`,
  errors: {
    EBADF: 'pidfd is not the descriptor of a process, or that process has no such descriptor; check both',
    EPERM:
      'it takes what attaching with ptrace takes: the same user and no fewer capabilities, or CAP_SYS_PTRACE; do it before the process gives up its identity',
    ESRCH: 'the process has ended',
    EMFILE: 'this process has as many open descriptors as RLIMIT_NOFILE allows; close some, or raise the limit',
    ENOSYS: 'the kernel is older than Linux 5.6; update it',
  },
});

/**
 * Copies a descriptor of another process into this one. The copy closes at execve.
 *
 * @param pidfd - the process, from pidfd_open, or clone with CLONE_PIDFD
 * @param targetfd - its number there
 * @param getFlags - 0: there are none yet
 * @see {@link https://man7.org/linux/man-pages/man2/pidfd_getfd.2.html | pidfd_getfd(2)}
 */
export function pidfdGetfd(pidfd: Fd, targetfd: Fd, getFlags = 0): Call {
  return makeCall('pidfd_getfd', {
    pidfd: fd('pidfd', pidfd),
    targetfd: fd('targetfd', targetfd),
    flags: uint('flags', getFlags),
  });
}

manual('rt_sigaction', {
  page: 'sigaction',
  words: ({ signum, act }) =>
    /SIG_IGN/.test(act ?? '') ? `ignore ${signum}` : 'a signal has its default effect again',
  errors: {
    EINVAL: 'there is no such signal, or it is SIGKILL or SIGSTOP, which no one can change; leave these two out',
  },
});

/**
 * Sets what a signal does: its default, or nothing. An ignored signal stays ignored across execve. (A handler would
 * be code, of which a program in a child has none.)
 *
 * @param signum - by name or number
 * @param handler - SIG_DFL or SIG_IGN
 * @see {@link https://man7.org/linux/man-pages/man2/sigaction.2.html | sigaction(2)}
 */
export function rtSigaction(signum: Signal, handler: number): Call {
  return makeCall('rt_sigaction', {
    signum: signal('signum', signum),
    act: ACTIONS[handler] ?? sigaction(handler),
    oldact: { kind: 'null' },
    sigsetsize: ulong('sigsetsize', SIGSET_BYTES),
  });
}

/** The kernel's struct, not the C library's: the mask comes last, and both machines have the restorer. */
function sigaction(handler: number): Argument {
  return struct('sigaction', {
    sa_handler: { bytes: 8, value: within('handler', handler, 0, 1, 'SIG_DFL|SIG_IGN=') },
    sa_flags: u64('sa_flags', 0),
    sa_restorer: u64('sa_restorer', 0),
    sa_mask: u64('sa_mask', 0, 'signal#1'),
  });
}

/** One for all signals: a container's process sets them all, and what is there once is laid out once. */
const ACTIONS = [sigaction(SIG_DFL), sigaction(SIG_IGN)];

manual('rt_sigprocmask', {
  page: 'sigprocmask',
  words({ how, set = '' }) {
    const which = set === '{sig=~[]}' ? 'all' : set.replace(/[{}]|sig=/g, '').replace('~', 'all but ');
    if (how === 'SIG_SETMASK')
      return which === '[]' ? 'let every signal through' : `hold back just these signals: ${which}`;
    return `${how === 'SIG_BLOCK' ? 'hold back' : 'let through'} these signals: ${which}`;
  },
  errors: {
    EINVAL: 'how must be SIG_BLOCK, SIG_UNBLOCK or SIG_SETMASK',
    EFAULT: 'the set does not lie in memory that this process may read; call it through this package',
  },
});

/**
 * Changes which signals wait instead of arriving.
 *
 * @param how - SIG_BLOCK adds to the mask, SIG_UNBLOCK takes from it, SIG_SETMASK replaces it
 * @param set - signals by name or number
 * @see {@link https://man7.org/linux/man-pages/man2/sigprocmask.2.html | sigprocmask(2)}
 */
export function rtSigprocmask(how: number, set: readonly Signal[]): Call {
  return makeCall('rt_sigprocmask', {
    how: within('how', how, 0, 2, 'SIG_BLOCK|SIG_UNBLOCK|SIG_SETMASK='),
    set: signals('set', set),
    oldset: { kind: 'null' },
    sigsetsize: ulong('sigsetsize', SIGSET_BYTES),
  });
}
