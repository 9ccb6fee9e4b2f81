import { type Argument, type Call, type Fd, makeCall } from '../call.ts';
import {
  PR_CAP_AMBIENT,
  PR_CAP_AMBIENT_CLEAR_ALL,
  PR_CAPBSET_DROP,
  PR_CAPBSET_READ,
  PR_SET_NAME,
  PR_SET_PDEATHSIG,
  PR_SET_SECUREBITS,
} from '../kernel/constants.ts';
import {
  byteLength,
  fd,
  flags,
  int,
  path,
  pointer,
  room,
  type Signal,
  signal,
  strings,
  struct,
  text,
  u64,
  ulong,
  within,
} from './arguments.ts';
import { manual, manualPage } from './manual.ts';

const NULL: Argument = { kind: 'null' };

const execveErrors = {
  ENOENT:
    'the program is not in the container, or the loader or interpreter that it names is not: look for both in the rootfs (readelf -l, or the #! line), and copy what is missing',
  EACCES:
    'the file is not executable, is a directory, is on a mount with MS_NOEXEC, or below a directory that may not be searched; chmod +x it, or change the mount',
  ENOEXEC:
    'this is no program that the kernel can run: built for another machine, or a script without a #! line; use an image for this machine, or add the line',
  ELIBBAD:
    'the loader that the program names is none; its C library in the rootfs is damaged or for another machine, so install it again',
  E2BIG: 'the arguments and the environment together are too long; pass less, or pass it in a file',
  ENOTDIR: 'part of the path is a file where a directory should be; check the path',
  EPERM:
    'the file has capabilities of its own, as ping often has, that the bounding set lacks; keep those, or take them off the file with setcap -r',
  ELOOP: 'too many symbolic links, or interpreters that name each other, on the way to the program',
  ENOMEM: 'there is no memory left to load the program; raise the memory limit, or free some',
  ETXTBSY: 'the program is open for writing somewhere; close it there first',
  EAGAIN: 'this user has more processes than RLIMIT_NPROC allows, which setuid did not refuse yet; end some',
};

manual('clone', {
  words: ({ flags = '', parent_tid }) =>
    `start a process${flags.includes('CLONE_NEW') ? ' in namespaces of its own' : ''}${parent_tid ? ', which makes the calls that follow' : ''}`,
  errors: {
    EPERM:
      'new namespaces need CAP_SYS_ADMIN, and a new user namespace needs a system that allows it; run as root, or see what "doctor" says of user namespaces',
    EAGAIN:
      'there are as many processes as the limit allows (RLIMIT_NPROC, pids.max of this cgroup, kernel.threads-max); end some',
    ENOMEM: 'the kernel found no memory for another process; free some',
    ENOSPC:
      'namespaces are nested 32 deep, or there are as many as /proc/sys/user/max_*_namespaces allows; raise that limit',
    EUSERS: 'user namespaces are nested 32 deep',
    EINVAL: 'this kernel was built without one of these namespaces; see /proc/self/ns for those it has',
  },
});

/**
 * Starts a process. As a call of a program it forks the walk: the new process answers 0, and goes on with the next call,
 * and so does the one that was there. What tells them apart is `wait4`, which a process without children is refused.
 * Both write their answer to one place, so the number of the new one is read from `parentTid`.
 *
 * @param cloneFlags - CLONE_* flags, and the signal at its end in the lowest byte. A program needs CLONE_VM: the parent
 *   can't see what the child writes to a copy of its memory
 * @param parentTid - room for the new process's number, with CLONE_PARENT_SETTID
 * @see {@link https://man7.org/linux/man-pages/man2/clone.2.html | clone(2)}
 */
export function cloneCall(cloneFlags: number, parentTid?: Uint8Array): Call {
  const shown = flags('flags', cloneFlags, 'CLONE');
  if (!parentTid) return makeCall('clone', { flags: shown });
  return makeCall('clone', { flags: shown, stack: NULL, parent_tid: room(parentTid, 4, 'parent_tid') });
}

manual('clone3', {
  page: 'clone',
  words: ({ cl_args = '' }) =>
    `start a process${cl_args.includes('CLONE_NEW') ? ' in namespaces of its own' : ''}, which makes the calls that follow`,
  errors: {
    ...manualPage('clone')?.errors,
    ENOSYS:
      'the kernel is older than Linux 5.3, or a seccomp filter around this container does not know the call; allow clone3 there',
    E2BIG: 'the kernel is older than one of the fields; leave that field at 0',
  },
});

/** What clone3(2) is to do: the fields of struct clone_args that a program has a use for. */
export interface CloneArgs {
  /** CLONE_* flags, without a signal. */
  readonly flags: number;
  /** With CLONE_PIDFD, room for the descriptor of the new process. */
  readonly pidfd?: Uint8Array;
  /** With CLONE_PARENT_SETTID, room for its number. */
  readonly parent_tid?: Uint8Array;
  /** What the parent gets when it ends. */
  readonly exit_signal?: number;
}

/**
 * Starts a process, as clone does, with memory of its own unless CLONE_VM is given: then what it answers is seen only in
 * memory that is shared.
 *
 * @param args - what is left out is 0
 * @see {@link https://man7.org/linux/man-pages/man2/clone.2.html | clone3(2)}
 */
export function clone3({ flags: cloneFlags, pidfd, parent_tid, exit_signal = 0 }: CloneArgs): Call {
  const place = (name: string, into?: Uint8Array) => pointer(into ? room(into, into.length, name) : NULL);
  return makeCall('clone3', {
    cl_args: struct('clone_args', {
      flags: { bytes: 8, value: flags('flags', cloneFlags, 'CLONE') },
      pidfd: place('pidfd', pidfd),
      child_tid: place('child_tid'),
      parent_tid: place('parent_tid', parent_tid),
      exit_signal: { bytes: 8, value: signal('exit_signal', exit_signal) },
      stack: u64('stack', 0),
      stack_size: u64('stack_size', 0),
      tls: u64('tls', 0),
    }),
    size: ulong('size', 64), // CLONE_ARGS_SIZE_VER0
  });
}

manual('wait4', {
  words: ({ pid, options = '' }) =>
    `${options === 'WNOHANG' ? 'check whether' : 'wait until'} ${pid === '-1' ? 'a child' : `process ${pid}`} has ended, and reap it; a process without children goes on`,
  errors: {
    ECHILD: 'this process has no such child: it was reaped already, or SIGCHLD is ignored',
    EINVAL: 'an option is unknown; WNOHANG is the usual one',
  },
});

/**
 * Waits for a child's end, and reaps it.
 *
 * @param pid - a child, or the call that starts it; -1 is any
 * @param status - room for the wait status
 * @param options - WNOHANG
 * @param rusage - room for what it used: 144 bytes, getrusage(2)
 * @see {@link https://man7.org/linux/man-pages/man2/wait4.2.html | wait4(2)}
 */
export function wait4(pid: number | Call, status: Uint8Array, options = 0, rusage?: Uint8Array): Call {
  return makeCall('wait4', {
    pid: typeof pid === 'number' ? int('pid', pid) : fd('pid', pid),
    status: room(status, 4, 'status'),
    options: flags('options', options, 'WNOHANG'),
    rusage: rusage ? room(rusage, 144, 'rusage') : NULL,
  });
}

manual('execve', { words: ({ argv }) => `become the program ${argv}`, errors: execveErrors });

/**
 * Replaces this process's program with another. Descriptors that are not close-on-exec stay open, ignored signals
 * stay ignored. It returns only if it fails.
 *
 * @param pathname - the program, or a script that begins with `#!`; no search path is used
 * @param argv - its arguments, its own name first
 * @param envp - its environment, as `NAME=value`
 * @throws {RangeError} if argv is empty or one string is too long
 * @see {@link https://man7.org/linux/man-pages/man2/execve.2.html | execve(2)}
 */
export function execve(pathname: string, argv: readonly string[], envp: readonly string[]): Call {
  if (argv.length === 0) throw new RangeError("argv must contain at least the program's name, got []");
  return makeCall('execve', {
    pathname: path('pathname', pathname),
    argv: strings('argv', argv),
    envp: strings('envp', envp),
  });
}

manual('execveat', {
  words: ({ argv }) => `become the program ${argv}, which is open already`,
  errors: { ...execveErrors, EBADF: 'this is no open descriptor; open the program earlier in the same program' },
});

/**
 * Replaces this process's program with another that a descriptor leads to: also with one of the host's, in a container
 * that sees nothing of the host.
 *
 * @param dirfd - where a relative path starts; with AT_EMPTY_PATH and no path, the program itself
 * @param pathname - the program
 * @param argv - its arguments, its own name first
 * @param envp - its environment, as `NAME=value`
 * @param execFlags - AT_EMPTY_PATH, AT_SYMLINK_NOFOLLOW
 * @throws {RangeError} if argv is empty or one string is too long
 * @see {@link https://man7.org/linux/man-pages/man2/execveat.2.html | execveat(2)}
 */
export function execveat(
  dirfd: Fd,
  pathname: string,
  argv: readonly string[],
  envp: readonly string[],
  execFlags = 0,
): Call {
  if (argv.length === 0) throw new RangeError("argv must contain at least the program's name, got []");
  return makeCall('execveat', {
    dirfd: fd('dirfd', dirfd),
    pathname: path('pathname', pathname),
    argv: strings('argv', argv),
    envp: strings('envp', envp),
    flags: flags('flags', execFlags, 'AT'),
  });
}

manual('exit_group', {
  words: ({ status }) => `end with status ${status}`,
  errors: { ENOSYS: 'a seccomp filter stands in the way, as nothing else does; allow exit_group there' },
});

/**
 * Ends this process, all its threads.
 *
 * @param status - 0 to 255
 * @see {@link https://man7.org/linux/man-pages/man2/exit_group.2.html | exit_group(2)}
 */
export function exitGroup(status: number): Call {
  return makeCall('exit_group', { status: within('status', status, 0, 255) });
}

manual('getpid', {
  words: () => 'ask for the number of this process, as its own PID namespace has it',
  errors: { ENOSYS: 'a seccomp filter stands in the way, as nothing else does; allow getpid there' },
});

/**
 * Asks for the number of this process in its PID namespace: 1 for a container's first.
 *
 * @see {@link https://man7.org/linux/man-pages/man2/getpid.2.html | getpid(2)}
 */
export function getpid(): Call {
  return makeCall('getpid', {});
}

manual('setsid', {
  words: () => 'begin a session of its own, without a terminal',
  errors: { EPERM: 'this process leads a process group already; start a new process and call it there' },
});

/**
 * Makes this process the leader of a new session and process group, without a controlling terminal.
 *
 * @see {@link https://man7.org/linux/man-pages/man2/setsid.2.html | setsid(2)}
 */
export function setsid(): Call {
  return makeCall('setsid', {});
}

manual('setpgid', {
  words: ({ pid, pgid }) =>
    `put ${pid === '0' ? 'this process' : `process ${pid}`} into ${pgid === '0' ? 'a process group of its own' : `process group ${pgid}`}`,
  errors: {
    EPERM: 'the process leads a session, or the group is in another session; choose a group of its own session',
    ESRCH: 'it is neither this process nor a child of it; call it in the process itself, with 0',
    EACCES: 'the child has called execve already; call setpgid before that',
    EINVAL: 'a process group cannot have a negative number',
  },
});

/**
 * Moves a process to a process group.
 *
 * @param pid - 0 is this process
 * @param pgid - 0 is a new group of the process's own number
 * @see {@link https://man7.org/linux/man-pages/man2/setpgid.2.html | setpgid(2)}
 */
export function setpgid(pid: number, pgid: number): Call {
  return makeCall('setpgid', { pid: int('pid', pid), pgid: int('pgid', pgid) });
}

manual('prctl', {
  words({ option, arg2, arg3 }) {
    if (option === 'PR_SET_PDEATHSIG') return `get ${arg2} when the thread that started this process ends`;
    if (option === 'PR_SET_NO_NEW_PRIVS')
      return 'from here on, no program gains privileges by execve, not even a set-user-ID one';
    if (option === 'PR_SET_DUMPABLE' && arg2 === '0')
      return 'let only those with CAP_SYS_PTRACE on the host open its memory, descriptors and environment';
    if (option === 'PR_CAPBSET_DROP') return `give up ${arg2} for good: no program will have it again`;
    if (option === 'PR_CAP_AMBIENT')
      return `ambient capabilities, which ordinary programs inherit: ${arg2}${arg3 === '0' ? '' : ` ${arg3}`}`;
    if (option === 'PR_SET_NAME') return `call this process ${arg2}`;
    return `${/_GET|_READ/.test(option ?? '') ? 'ask for' : 'set'} ${option}: ${arg2}`;
  },
  errors: {
    EINVAL:
      'the option or one of its arguments is unknown: a capability that this kernel does not have yet, perhaps; see /proc/sys/kernel/cap_last_cap',
    EPERM:
      'the option needs a capability: PR_CAPBSET_DROP and PR_SET_SECUREBITS need CAP_SETPCAP, and an ambient capability must be permitted and inheritable first',
    EACCES: 'a seccomp filter needs CAP_SYS_ADMIN or no_new_privs; call prctl(PR_SET_NO_NEW_PRIVS, 1) first',
    EFAULT: 'this option takes a pointer; give text or bytes',
  },
});

/**
 * Changes or asks for something about this process or thread.
 *
 * @param option - a PR_* option
 * @param arg2 - what the option takes: a number, text for PR_SET_NAME, a signal by name for PR_SET_PDEATHSIG, or bytes,
 *   which `perform` fills with what comes back
 * @param arg3 - to arg5: numbers; many options insist on 0 for what they don't use
 * @see {@link https://man7.org/linux/man-pages/man2/prctl.2.html | prctl(2)}
 */
export function prctl(
  option: number,
  arg2: Signal | bigint | Uint8Array = 0,
  arg3: number | bigint = 0,
  arg4: number | bigint = 0,
  arg5: number | bigint = 0,
): Call {
  return makeCall('prctl', {
    option: int('option', option, 'PR='),
    arg2: secondOf(option, arg2),
    arg3: ulong('arg3', arg3, option === PR_CAP_AMBIENT && arg2 !== PR_CAP_AMBIENT_CLEAR_ALL ? 'CAP=' : undefined),
    arg4: ulong('arg4', arg4),
    arg5: ulong('arg5', arg5),
  });
}

function secondOf(option: number, value: Signal | bigint | Uint8Array): Argument {
  if (value instanceof Uint8Array) return room(value);
  if (typeof value === 'bigint') return ulong('arg2', value);
  if (option === PR_SET_PDEATHSIG) return signal('arg2', value);
  if (typeof value === 'string') return secondText(option, value);
  if (option === PR_CAPBSET_DROP || option === PR_CAPBSET_READ) return ulong('arg2', value, 'CAP=');
  if (option === PR_CAP_AMBIENT) return ulong('arg2', value, 'PR_CAP_AMBIENT=');
  if (option === PR_SET_SECUREBITS) return flags('arg2', value, 'SECBIT');
  return ulong('arg2', value);
}

function secondText(option: number, value: string): Argument {
  if (option !== PR_SET_NAME)
    throw new TypeError(`arg2 must be a number for prctl option ${option}, got ${JSON.stringify(value)}`);
  const length = byteLength(value);
  if (length <= 15) return text('arg2', value);
  throw new RangeError(`arg2 is ${length} bytes long, and a process name has at most 15: ${JSON.stringify(value)}`);
}
