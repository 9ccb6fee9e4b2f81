import { type Call, type Fd, makeCall } from '../call.ts';
import { fd, flags, id, mode, path, within } from './arguments.ts';
import { manual } from './manual.ts';

manual('umask', {
  words: ({ mask }) => `new files come without the permissions ${mask}`,
  errors: { ENOSYS: 'a seccomp filter stands in the way, as nothing else does; allow umask there' },
});

/**
 * Sets the permissions that new files and directories do not get. The result is the mask before.
 *
 * @param mask - permission bits, 0 to 0o777
 * @see {@link https://man7.org/linux/man-pages/man2/umask.2.html | umask(2)}
 */
export function umask(mask: number): Call {
  return makeCall('umask', { mask: within('mask', mask, 0, 0o777, 'octal') });
}

const errors = {
  EPERM:
    'only the owner of the file, or CAP_FOWNER and CAP_CHOWN in its user namespace, may do this; run as root, or map the id of the file in the user namespace',
  ENOENT: 'the file does not exist; make it first, or check the path',
  EACCES: 'this user may not search a directory above it; check owner and mode, as seen in this user namespace',
  EROFS: 'the file is on a mount that may only be read; change it where that filesystem is writable',
  ELOOP: 'too many symbolic links on the way; check where they lead',
  ENOTDIR: 'part of the path is a file where a directory should be; check the path',
};

const ownerErrors = {
  ...errors,
  EINVAL: 'the id is not mapped in this user namespace; add it to uid_map and gid_map, or choose one that is',
};

manual('chmod', { words: ({ pathname, mode }) => `the permissions of ${pathname} become ${mode}`, errors });

/**
 * Sets the permissions of a file; it follows symbolic links.
 *
 * @param pathname - the file
 * @param permissions - permission bits, with S_ISUID, S_ISGID and S_ISVTX; the umask has no say
 * @see {@link https://man7.org/linux/man-pages/man2/chmod.2.html | chmod(2)}
 */
export function chmod(pathname: string, permissions: number): Call {
  return makeCall('chmod', { pathname: path('pathname', pathname), mode: mode('mode', permissions) });
}

manual('fchmodat', {
  page: 'chmod',
  words: ({ pathname, mode }) => `the permissions of ${pathname} become ${mode}`,
  errors,
});

/**
 * Sets the permissions of a file, its path starting at a directory. (The C library's takes flags; the kernel's has none.)
 *
 * @param dirfd - where a relative path starts
 * @param pathname - the file; symbolic links are followed
 * @param permissions - permission bits, with S_ISUID, S_ISGID and S_ISVTX
 * @see {@link https://man7.org/linux/man-pages/man2/chmod.2.html | fchmodat(2)}
 */
export function fchmodat(dirfd: Fd, pathname: string, permissions: number): Call {
  return makeCall('fchmodat', {
    dirfd: fd('dirfd', dirfd),
    pathname: path('pathname', pathname),
    mode: mode('mode', permissions),
  });
}

manual('chown', {
  words: ({ pathname, owner, group }) => `${pathname} belongs to ${ids(owner, group)}`,
  errors: ownerErrors,
});

/**
 * Gives a file to a user and a group; it follows symbolic links, and clears set-user-ID bits.
 *
 * @param pathname - the file
 * @param owner - a user id of this user namespace; -1 leaves it
 * @param group - a group id of this user namespace; -1 leaves it
 * @see {@link https://man7.org/linux/man-pages/man2/chown.2.html | chown(2)}
 */
export function chown(pathname: string, owner: number, group: number): Call {
  return makeCall('chown', {
    pathname: path('pathname', pathname),
    owner: id('owner', owner),
    group: id('group', group),
  });
}

manual('fchownat', {
  page: 'chown',
  words: ({ dirfd, pathname, owner, group }) =>
    `${pathname === '""' ? `descriptor ${dirfd}` : pathname} belongs to ${ids(owner, group)}`,
  errors: { ...ownerErrors, EBADF: 'the directory is not open; open it first, or give AT_FDCWD' },
});

/**
 * Gives a file to a user and a group, its path starting at a directory.
 *
 * @param dirfd - where a relative path starts
 * @param pathname - the file
 * @param owner - a user id of this user namespace; -1 leaves it
 * @param group - a group id of this user namespace; -1 leaves it
 * @param chownFlags - AT_SYMLINK_NOFOLLOW, AT_EMPTY_PATH
 * @see {@link https://man7.org/linux/man-pages/man2/chown.2.html | fchownat(2)}
 */
export function fchownat(dirfd: Fd, pathname: string, owner: number, group: number, chownFlags = 0): Call {
  return makeCall('fchownat', {
    dirfd: fd('dirfd', dirfd),
    pathname: path('pathname', pathname),
    owner: id('owner', owner),
    group: id('group', group),
    flags: flags('flags', chownFlags, 'AT'),
  });
}

function ids(owner = '', group = ''): string {
  const parts = [owner === '-1' ? '' : `user ${owner}`, group === '-1' ? '' : `group ${group}`];
  return parts.filter(Boolean).join(' and ') || 'whom it did before';
}
