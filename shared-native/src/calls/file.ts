import { type Call, type Fd, makeCall } from '../call.ts';
import { O_CREAT, O_TMPFILE } from '../kernel/constants.ts';
import { bytes, fd, flags, int, mode, path, room, struct, u64, ulong, within } from './arguments.ts';
import { manual } from './manual.ts';

const openErrors = {
  ENOENT: 'the file or a directory above it does not exist; make it, or give O_CREAT for the file itself',
  EACCES:
    'this user may not open it so, or may not search a directory above it; check owner and mode, as seen in this user namespace',
  EEXIST: 'the file exists already, and O_CREAT|O_EXCL asked for a new one; remove it, or leave O_EXCL out',
  EISDIR: 'it is a directory, which cannot be opened for writing; open it with O_RDONLY or O_PATH',
  ENOTDIR: 'what should be a directory is a file; check the path',
  ELOOP:
    'there are too many symbolic links, or one where O_NOFOLLOW, RESOLVE_NO_SYMLINKS or RESOLVE_NO_MAGICLINKS forbids it; an image may have put it there on purpose',
  EMFILE: 'this process has as many open descriptors as RLIMIT_NOFILE allows; close some, or raise the limit',
  EROFS: 'the file is on a mount that may only be read; open it with O_RDONLY, or mount a writable filesystem there',
  ENXIO: 'the device is not there, or a FIFO has no reader; for /dev/tty: the process has no controlling terminal',
  EPERM:
    'the kernel forbids it whatever the mode says, as for a device on a mount with MS_NODEV or an immutable file; look at the mount flags',
};

manual('openat', {
  page: 'open',
  words: ({ pathname, flags = '' }) =>
    `open ${pathname}${/O_PATH/.test(flags) ? ', only to hold on to its place' : ''}`,
  errors: openErrors,
});

/**
 * Opens a file, or makes and opens it. The result is its descriptor.
 *
 * @param dirfd - where a relative path starts: a directory's descriptor, or AT_FDCWD for the working directory
 * @param pathname - the file
 * @param openFlags - O_* flags
 * @param permissions - permission bits of a new file, less the umask
 * @see {@link https://man7.org/linux/man-pages/man2/open.2.html | openat(2)}
 */
export function openat(dirfd: Fd, pathname: string, openFlags: number, permissions = 0): Call {
  return makeCall('openat', {
    dirfd: fd('dirfd', dirfd),
    pathname: path('pathname', pathname),
    flags: flags('flags', openFlags, 'O'),
    ...(makesFile(openFlags) && { mode: mode('mode', permissions) }),
  });
}

/** Only then does the kernel look at the mode. */
function makesFile(openFlags: number): boolean {
  return (openFlags & O_CREAT) !== 0 || (openFlags & O_TMPFILE) === O_TMPFILE;
}

/** What openat2(2) is to do: O_* flags, permission bits of a new file, and RESOLVE_* flags for the way there. */
export interface OpenHow {
  readonly flags: number;
  readonly mode?: number;
  readonly resolve?: number;
}

manual('openat2', {
  words: ({ pathname, how = '' }) =>
    `open ${pathname}${/RESOLVE_(BENEATH|IN_ROOT)/.test(how) ? ', and let no symbolic link lead out of its directory' : ''}`,
  errors: {
    ...openErrors,
    EXDEV:
      'the path leads out of the directory, or to another mount, and the RESOLVE_* flags forbid that; an image may have tried it on purpose',
    EAGAIN: 'something was renamed while the kernel followed a ".."; try again',
    EINVAL: 'a flag is unknown, or a mode is given without O_CREAT; openat2 is stricter than openat here',
    E2BIG: 'the kernel is older than one of the fields; leave that field at 0',
    ENOSYS: 'the kernel is older than Linux 5.6; update it',
  },
});

/**
 * Opens a file as openat does, with a say in how the path is followed: RESOLVE_IN_ROOT takes a directory for `/`.
 *
 * @param dirfd - where the path starts
 * @param pathname - the file
 * @param how - flags, mode and resolve; what is left out is 0
 * @see {@link https://man7.org/linux/man-pages/man2/openat2.2.html | openat2(2)}
 */
export function openat2(dirfd: Fd, pathname: string, how: OpenHow): Call {
  const { flags: openFlags, mode: permissions = 0, resolve = 0 } = how;
  return makeCall('openat2', {
    dirfd: fd('dirfd', dirfd),
    pathname: path('pathname', pathname),
    how: struct('open_how', {
      flags: { bytes: 8, value: flags('how.flags', openFlags, 'O') },
      mode: u64('how.mode', permissions, 'octal'),
      resolve: { bytes: 8, value: flags('how.resolve', resolve, 'RESOLVE') },
    }),
    size: ulong('size', 24),
  });
}

manual('read', {
  words: ({ fd, count }) => `read up to ${count} bytes from descriptor ${fd}`,
  errors: {
    EBADF: 'the descriptor is not open for reading; open it with O_RDONLY or O_RDWR',
    EAGAIN: 'nothing is there yet, and the descriptor does not wait (O_NONBLOCK); wait until it is readable',
    EINTR: 'a signal came first; read again',
    EISDIR: 'the descriptor is a directory; open a file in it',
    EIO: 'the terminal is gone, or belongs to another foreground process group; make this session the foreground one',
  },
});

/**
 * Reads what is there, at the most `count` bytes. The result is the number of bytes; 0 is the end.
 *
 * @param descriptor - what to read from
 * @param into - room for the bytes; `perform` fills it
 * @param count - in bytes, at the most the room there is
 * @see {@link https://man7.org/linux/man-pages/man2/read.2.html | read(2)}
 */
export function read(descriptor: Fd, into: Uint8Array, count = into.length): Call {
  return makeCall('read', { fd: fd('fd', descriptor), buf: room(into), count: within('count', count, 0, into.length) });
}

manual('write', {
  words: ({ fd, buf, count = '' }) =>
    buf?.startsWith('"') ? `write ${buf} to descriptor ${fd}` : `write ${count} bytes to descriptor ${fd}`,
  errors: {
    EBADF: 'the descriptor is not open for writing; open it with O_WRONLY or O_RDWR',
    EPIPE: 'no one reads the other end any more; the reader ended first, so look why',
    EAGAIN: 'there is no room now, and the descriptor does not wait (O_NONBLOCK); wait until it is writable',
    EINTR: 'a signal came first; write again',
    EINVAL: 'the file in /proc, /sys or the cgroup takes no such value; check its text and unit',
    EACCES:
      'only with CAP_SYS_RESOURCE may oom_score_adj be lower than it was; take a higher one, or run as root of the host',
    EPERM:
      'the file in /proc or /sys refuses this user or a second write (uid_map, gid_map before setgroups is "deny"); write as the owner of the namespace',
    ENOSPC: 'the filesystem is full: for a tmpfs, its size option; make room, or more of it',
    EBUSY:
      'the cgroup holds processes or has controllers in use, so it cannot do this now; move the processes to a child cgroup first',
    ENOENT: 'the cgroup lacks the controller; write "+name" to cgroup.subtree_control of the cgroup above first',
  },
});

/**
 * Writes bytes. The result is how many were taken.
 *
 * @param descriptor - what to write to
 * @param data - text (as UTF-8) or bytes; its length in bytes is the count
 * @see {@link https://man7.org/linux/man-pages/man2/write.2.html | write(2)}
 */
export function write(descriptor: Fd, data: string | Uint8Array): Call {
  const buf = typeof data === 'string' ? new TextEncoder().encode(data) : data;
  return makeCall('write', { fd: fd('fd', descriptor), buf: bytes(buf), count: ulong('count', buf.length) });
}

manual('pwrite64', {
  page: 'pwrite',
  words: ({ fd, count, offset }) => `write ${count} bytes to descriptor ${fd}, at byte ${offset}`,
  errors: {
    EBADF: 'the descriptor is not open for writing; open it with O_WRONLY or O_RDWR',
    ESPIPE: 'a pipe or a socket has no places; write to it by write',
    ENOSPC: 'the filesystem is full; make room',
  },
});

/**
 * Writes bytes at a place of a file, and leaves the place of the next write as it is.
 *
 * @param descriptor - what to write to: not with O_APPEND, for then Linux writes at the end all the same
 * @param data - bytes, or the room of another call of the same program
 * @param offset - in bytes
 * @see {@link https://man7.org/linux/man-pages/man2/pwrite.2.html | pwrite(2)}
 */
export function pwrite64(descriptor: Fd, data: Uint8Array | { readonly room: Uint8Array }, offset: number): Call {
  const [buf, { length }] = 'room' in data ? [room(data.room), data.room] : [bytes(data), data];
  return makeCall('pwrite64', {
    fd: fd('fd', descriptor),
    buf,
    count: ulong('count', length),
    offset: ulong('offset', offset),
  });
}

manual('lseek', {
  words: ({ fd, offset, whence }) =>
    whence === 'SEEK_END' && offset === '0'
      ? `go to the end of descriptor ${fd}; the answer is how long it is`
      : `go to byte ${offset} of descriptor ${fd}, counted by ${whence}`,
  errors: {
    EBADF: 'the descriptor is not open; open the file first',
    EINVAL: 'the place would lie before the beginning, or whence is none of SEEK_SET, SEEK_CUR and SEEK_END',
    ESPIPE: 'a pipe, a socket or a terminal has no places',
  },
});

/**
 * Says where in a file the next read or write goes. The result is that place, in bytes from the beginning.
 *
 * @param descriptor - the file
 * @param offset - in bytes
 * @param whence - SEEK_SET, SEEK_CUR or SEEK_END: what it is counted from
 * @see {@link https://man7.org/linux/man-pages/man2/lseek.2.html | lseek(2)}
 */
export function lseek(descriptor: Fd, offset: number, whence: number): Call {
  return makeCall('lseek', {
    fd: fd('fd', descriptor),
    offset: ulong('offset', offset),
    whence: int('whence', whence, 'SEEK='),
  });
}
