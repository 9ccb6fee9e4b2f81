import { type Call, type Fd, makeCall } from '../call.ts';
import { fd, flags, mode, path } from './arguments.ts';
import { manual } from './manual.ts';

const makeErrors = {
  EEXIST: 'something is there already, perhaps a symbolic link; tolerate this error if it may be there',
  ENOENT: 'the directory above it does not exist; make that first',
  ENOTDIR: 'part of the path is a file where a directory should be; check the path',
  EACCES: 'this user may not write to the directory above it; check owner and mode, as seen in this user namespace',
  EROFS: 'the directory above it is on a mount that may only be read; mount a writable filesystem there first',
  ENOSPC: 'the filesystem is full: for a tmpfs, its size option; make room, or more of it',
  EPERM:
    'the filesystem has no such thing, as /proc and /sys have not; make it on another one, and before that is mounted over it',
  EOVERFLOW: 'this user has no id on that filesystem, as ids are mapped here; map it in the user namespace',
};

const removeErrors = {
  ENOENT: 'it does not exist; tolerate this error if it may be gone',
  EBUSY: 'it is a mount point, or the root or working directory of something; unmount it first',
  EACCES: 'this user may not write to the directory above it; check owner and mode, as seen in this user namespace',
  EPERM: 'the directory above it is sticky and owned by someone else, or it is immutable; remove it as its owner',
  EROFS: 'it is on a mount that may only be read; remove it from where that filesystem is writable',
  ENOTDIR: 'it, or part of the path, is no directory; take unlink for a file',
};

manual('mkdir', { words: ({ pathname }) => `make the directory ${pathname}`, errors: makeErrors });

/**
 * Makes a directory.
 *
 * @param pathname - where; the directory above it must exist
 * @param permissions - permission bits, less the umask
 * @see {@link https://man7.org/linux/man-pages/man2/mkdir.2.html | mkdir(2)}
 */
export function mkdir(pathname: string, permissions = 0o777): Call {
  return makeCall('mkdir', { pathname: path('pathname', pathname), mode: mode('mode', permissions) });
}

manual('mkdirat', {
  page: 'mkdir',
  words: ({ dirfd, pathname }) => `make the directory ${pathname}${below(dirfd)}`,
  errors: makeErrors,
});

/**
 * Makes a directory, its path starting at another.
 *
 * @param dirfd - where a relative path starts
 * @param pathname - where; the directory above it must exist
 * @param permissions - permission bits, less the umask
 * @see {@link https://man7.org/linux/man-pages/man2/mkdir.2.html | mkdirat(2)}
 */
export function mkdirat(dirfd: Fd, pathname: string, permissions = 0o777): Call {
  return makeCall('mkdirat', {
    dirfd: fd('dirfd', dirfd),
    pathname: path('pathname', pathname),
    mode: mode('mode', permissions),
  });
}

manual('symlink', { words: ({ target, linkpath }) => `${linkpath} leads to ${target}`, errors: makeErrors });

/**
 * Makes a symbolic link.
 *
 * @param target - what it says: a path, which need not exist
 * @param linkpath - where the link is made
 * @see {@link https://man7.org/linux/man-pages/man2/symlink.2.html | symlink(2)}
 */
export function symlink(target: string, linkpath: string): Call {
  return makeCall('symlink', { target: path('target', target), linkpath: path('linkpath', linkpath) });
}

manual('symlinkat', {
  page: 'symlink',
  words: ({ target, newdirfd, linkpath }) => `${linkpath}${below(newdirfd)} leads to ${target}`,
  errors: makeErrors,
});

/**
 * Makes a symbolic link, its place starting at a directory.
 *
 * @param target - what it says: a path, which need not exist
 * @param newdirfd - where a relative linkpath starts
 * @param linkpath - where the link is made
 * @see {@link https://man7.org/linux/man-pages/man2/symlink.2.html | symlinkat(2)}
 */
export function symlinkat(target: string, newdirfd: Fd, linkpath: string): Call {
  return makeCall('symlinkat', {
    target: path('target', target),
    newdirfd: fd('newdirfd', newdirfd),
    linkpath: path('linkpath', linkpath),
  });
}

manual('rmdir', {
  words: ({ pathname }) => `remove the empty directory ${pathname}`,
  errors: {
    ...removeErrors,
    ENOTEMPTY: 'the directory is not empty; for a cgroup: groups below it; remove those first',
  },
});

/**
 * Removes an empty directory.
 *
 * @param pathname - the directory; a cgroup's goes although it shows files
 * @see {@link https://man7.org/linux/man-pages/man2/rmdir.2.html | rmdir(2)}
 */
export function rmdir(pathname: string): Call {
  return makeCall('rmdir', { pathname: path('pathname', pathname) });
}

manual('unlink', {
  words: ({ pathname }) => `remove the file ${pathname}`,
  errors: { ...removeErrors, EISDIR: 'it is a directory; take rmdir' },
});

/**
 * Removes a file, or a symbolic link but not what it leads to.
 *
 * @param pathname - the file
 * @see {@link https://man7.org/linux/man-pages/man2/unlink.2.html | unlink(2)}
 */
export function unlink(pathname: string): Call {
  return makeCall('unlink', { pathname: path('pathname', pathname) });
}

manual('unlinkat', {
  page: 'unlink',
  words: ({ dirfd, pathname, flags }) =>
    `remove ${flags === 'AT_REMOVEDIR' ? 'the empty directory ' : ''}${pathname}${below(dirfd)}`,
  errors: {
    ...removeErrors,
    EISDIR: 'it is a directory; give AT_REMOVEDIR',
    ENOTEMPTY: 'the directory is not empty; remove what is in it first',
  },
});

/**
 * Removes a file or, with AT_REMOVEDIR, an empty directory.
 *
 * @param dirfd - where a relative path starts
 * @param pathname - what is removed
 * @param unlinkFlags - AT_REMOVEDIR or 0
 * @see {@link https://man7.org/linux/man-pages/man2/unlink.2.html | unlinkat(2)}
 */
export function unlinkat(dirfd: Fd, pathname: string, unlinkFlags = 0): Call {
  return makeCall('unlinkat', {
    dirfd: fd('dirfd', dirfd),
    pathname: path('pathname', pathname),
    flags: flags('flags', unlinkFlags, 'AT'),
  });
}

manual('renameat2', {
  page: 'rename',
  words: ({ oldpath, newpath }) => `rename ${oldpath} to ${newpath}, in place of what has that name`,
  errors: {
    ENOENT: 'there is no such file, or no such directory for it; check both paths',
    EXDEV: 'the two paths are on different mounts; copy the file, and remove it',
    EEXIST: 'RENAME_NOREPLACE was given, and there is a file of the new name',
    ENOTEMPTY: 'the new name is a directory that is not empty; remove what is in it first',
    EACCES: 'this user may not write to one of the directories; check owner and mode',
    ENOSPC: 'the directory has no room for another name; make some',
  },
});

/**
 * Gives a file another name, in one step: anybody who looks finds it by one or the other.
 *
 * @param olddirfd - where a relative `oldpath` starts
 * @param oldpath - the file
 * @param newdirfd - where a relative `newpath` starts
 * @param newpath - what it is called from now on
 * @param renameFlags - RENAME_NOREPLACE or 0
 * @see {@link https://man7.org/linux/man-pages/man2/rename.2.html | renameat2(2)}
 */
export function renameat2(olddirfd: Fd, oldpath: string, newdirfd: Fd, newpath: string, renameFlags = 0): Call {
  return makeCall('renameat2', {
    olddirfd: fd('olddirfd', olddirfd),
    oldpath: path('oldpath', oldpath),
    newdirfd: fd('newdirfd', newdirfd),
    newpath: path('newpath', newpath),
    flags: flags('flags', renameFlags, 'RENAME'),
  });
}

function below(dirfd = 'AT_FDCWD'): string {
  return dirfd === 'AT_FDCWD' ? '' : ` below descriptor ${dirfd}`;
}
