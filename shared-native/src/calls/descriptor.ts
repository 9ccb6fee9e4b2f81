import { type Argument, type Call, type Fd, makeCall } from '../call.ts';
import { F_SETFD, F_SETFL } from '../kernel/constants.ts';
import { fd, flags, int, room, struct, u64, uint } from './arguments.ts';
import { manual } from './manual.ts';

manual('close', {
  words: ({ fd }) => `close descriptor ${fd}`,
  errors: {
    EBADF: 'the descriptor is not open; it was closed before, or never opened',
    EIO: 'what was written before did not reach the disk; the descriptor is closed all the same',
  },
});

/**
 * Closes a descriptor.
 *
 * @param descriptor - what to close
 * @see {@link https://man7.org/linux/man-pages/man2/close.2.html | close(2)}
 */
export function close(descriptor: Fd): Call {
  return makeCall('close', { fd: fd('fd', descriptor) });
}

manual('close_range', {
  words: ({ first, last, flags = '' }) => {
    const which = last === '4294967295' ? `every descriptor from ${first} up` : `descriptors ${first} to ${last}`;
    return /CLOEXEC/.test(flags) ? `${which} will close when the program is executed` : `close ${which}`;
  },
  errors: {
    EINVAL: 'last is less than first, or a flag is unknown (CLOSE_RANGE_CLOEXEC is: before Linux 5.11); check both',
    ENOSYS: 'the kernel is older than Linux 5.9; update it',
    EPERM: 'a seccomp filter around this container does not know the call; allow close_range there',
    EMFILE: 'CLOSE_RANGE_UNSHARE had to copy more descriptors than the limit allows; raise RLIMIT_NOFILE',
    ENOMEM: 'CLOSE_RANGE_UNSHARE found no memory for the copy; free some',
  },
});

/**
 * Closes a range of descriptors, or marks it to be closed by execve: none of the host's may leak into a container.
 *
 * @param first - the lowest
 * @param last - the highest; ~0 means all there are
 * @param rangeFlags - CLOSE_RANGE_* flags
 * @see {@link https://man7.org/linux/man-pages/man2/close_range.2.html | close_range(2)}
 */
export function closeRange(first: number, last = ~0, rangeFlags = 0): Call {
  return makeCall('close_range', {
    first: uint('first', first),
    last: uint('last', last === ~0 ? 2 ** 32 - 1 : last),
    flags: flags('flags', rangeFlags, 'CLOSE_RANGE'),
  });
}

manual('dup3', {
  page: 'dup',
  words: ({ oldfd, newfd }) => `descriptor ${newfd} becomes a copy of ${oldfd}`,
  errors: {
    EBADF: 'oldfd is not open, or newfd is beyond the limit RLIMIT_NOFILE; check both',
    EINVAL:
      'oldfd and newfd are the same, or a flag is unknown; to keep a descriptor open across execve use fcntl(fd, F_SETFD, 0)',
    EBUSY: 'another thread is opening newfd right now; try again',
    EMFILE: 'newfd is beyond the limit RLIMIT_NOFILE; take a smaller number, or raise the limit',
  },
});

/**
 * Makes a descriptor a copy of another; what it was before is closed. The copy stays open across execve unless
 * O_CLOEXEC is given.
 *
 * @param oldfd - what is copied
 * @param newfd - the number that the copy gets
 * @param dupFlags - O_CLOEXEC or 0
 * @see {@link https://man7.org/linux/man-pages/man2/dup.2.html | dup3(2)}
 */
export function dup3(oldfd: Fd, newfd: Fd, dupFlags = 0): Call {
  return makeCall('dup3', {
    oldfd: fd('oldfd', oldfd),
    newfd: fd('newfd', newfd),
    flags: flags('flags', dupFlags, 'O_CLOEXEC'),
  });
}

manual('pipe2', {
  page: 'pipe',
  words: () => 'make a pipe: what is written to one end can be read from the other',
  errors: {
    EMFILE: 'this process has as many open descriptors as RLIMIT_NOFILE allows; close some, or raise the limit',
    ENFILE: 'the whole system has as many open files as /proc/sys/fs/file-max allows; close some',
    EINVAL: 'a flag is unknown; O_CLOEXEC, O_NONBLOCK and O_DIRECT are known',
  },
});

/**
 * Makes a pipe.
 *
 * @param pipefd - 8 bytes of room: two 32-bit descriptors, the end to read from first; `perform` fills it
 * @param pipeFlags - O_CLOEXEC, O_NONBLOCK, O_DIRECT
 * @throws {RangeError} if the room isn't 8 bytes
 * @see {@link https://man7.org/linux/man-pages/man2/pipe.2.html | pipe2(2)}
 */
export function pipe2(pipefd: Uint8Array, pipeFlags = 0): Call {
  return makeCall('pipe2', {
    pipefd: room(pipefd, 8, 'pipefd'),
    flags: flags('flags', pipeFlags, 'O_CLOEXEC|O_NONBLOCK|O_DIRECT'),
  });
}

manual('fcntl', {
  words({ fd, cmd = '', arg = '' }) {
    if (cmd.startsWith('F_OFD_SETLK'))
      return `${arg.includes('F_UNLCK') ? 'let go of' : 'take'} a lock on bytes of descriptor ${fd}`;
    if (cmd === 'F_SETFD')
      return arg === 'FD_CLOEXEC' ? `close descriptor ${fd} at execve` : `keep descriptor ${fd} open across execve`;
    if (cmd === 'F_DUPFD_CLOEXEC' || cmd === 'F_DUPFD')
      return `copy descriptor ${fd} to the first free number from ${arg} up`;
    return `${cmd} on descriptor ${fd}${arg === '0' ? '' : `: ${arg}`}`;
  },
  errors: {
    EBADF: 'the descriptor is not open, or was opened with O_PATH, which allows few commands; check its number',
    EINVAL: 'the command or its argument is unknown here; for F_DUPFD_CLOEXEC: the number is beyond RLIMIT_NOFILE',
    EMFILE: 'no descriptor is free from the number given up to the limit RLIMIT_NOFILE; close some',
    EPERM:
      'the flag or seal may not be changed: by this user, or at all any more; it was sealed, or the file is append-only',
    EBUSY: 'the pipe holds more than its new size; read from it first',
    EAGAIN: 'another open file has a lock on some of these bytes; try again later, or wait with F_OFD_SETLKW',
    ENOLCK: 'the kernel found no memory for another lock; free some',
  },
});

/** A lock on bytes of a file, for F_OFD_SETLK: it belongs to the open file, and goes when the last copy of that is closed. */
export interface Flock {
  /** F_RDLCK, of which there may be many, F_WRLCK, beside which there is none, or F_UNLCK. */
  readonly l_type: number;
  /** Its first byte; there need be no such byte. */
  readonly l_start: number | bigint;
  /** How many bytes; 0 is all that follow. */
  readonly l_len: number | bigint;
}

/**
 * Changes or asks for something about a descriptor: whether execve closes it, its flags, a copy.
 *
 * @param descriptor - which one
 * @param cmd - an F_* command
 * @param arg - what the command takes: FD_CLOEXEC or 0 for F_SETFD, O_* flags for F_SETFL, a lock for F_OFD_SETLK, else a number
 * @see {@link https://man7.org/linux/man-pages/man2/fcntl.2.html | fcntl(2)}
 * @see {@link https://man7.org/linux/man-pages/man2/fcntl_locking.2.html | fcntl_locking(2)}
 */
export function fcntl(descriptor: Fd, cmd: number, arg: number | Flock = 0): Call {
  const group = new Map([
    [F_SETFD, 'FD'],
    [F_SETFL, 'O'],
  ]).get(cmd);
  return makeCall('fcntl', {
    fd: fd('fd', descriptor),
    cmd: int('cmd', cmd, 'F='),
    arg: typeof arg === 'object' ? lock(arg) : group ? flags('arg', arg, group) : int('arg', arg),
  });
}

function lock({ l_type, l_start, l_len }: Flock): Argument {
  return struct('flock', {
    l_type: { bytes: 2, value: int('l_type', l_type, 'F_RDLCK|F_WRLCK|F_UNLCK=') },
    l_whence: { bytes: 2, value: int('l_whence', 0) }, // SEEK_SET
    l_start: u64('l_start', l_start),
    l_len: u64('l_len', l_len),
    l_pid: { bytes: 4, value: int('l_pid', 0) },
  });
}

manual('flock', {
  words: ({ fd, operation = '' }) =>
    `${/LOCK_UN/.test(operation) ? 'let go of' : 'take'} the lock on descriptor ${fd}: ${operation}`,
  errors: {
    EAGAIN: 'another process holds the lock, and LOCK_NB asked not to wait; try again later, or leave LOCK_NB out',
    EBADF: 'the descriptor is not open, or was opened with O_PATH; open the file itself',
    EINTR: 'a signal came first; try again',
    EINVAL: 'the operation must be one of LOCK_SH, LOCK_EX and LOCK_UN, with LOCK_NB or without',
    ENOLCK: 'the kernel found no memory for another lock; free some',
  },
});

/**
 * Takes or lets go of a lock on a whole file. It belongs to the open file: closing every copy lets go of it.
 *
 * @param descriptor - the file
 * @param operation - LOCK_SH, LOCK_EX or LOCK_UN; with LOCK_NB it does not wait
 * @see {@link https://man7.org/linux/man-pages/man2/flock.2.html | flock(2)}
 */
export function flock(descriptor: Fd, operation: number): Call {
  return makeCall('flock', { fd: fd('fd', descriptor), operation: flags('operation', operation, 'LOCK') });
}
