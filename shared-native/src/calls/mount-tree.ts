import { type Call, type Fd, makeCall } from '../call.ts';
import { fd, flags, path, struct, u64, ulong } from './arguments.ts';
import { manual } from './manual.ts';

// Mounts as descriptors: taken in one place, attached in another. Since Linux 5.2, mount_setattr since 5.12.

const EPERM = 'CAP_SYS_ADMIN is missing in the user namespace that owns this mount namespace; run as root';
const ENOSYS = 'the kernel is too old for this call; update it, or use mount';

manual('open_tree', {
  words: ({ pathname, flags = '' }) =>
    /OPEN_TREE_CLONE/.test(flags)
      ? `take a copy of the mounts at ${pathname}, attached nowhere yet`
      : `hold on to the mount at ${pathname}`,
  errors: {
    EPERM,
    ENOSYS,
    ENOENT: 'the path does not exist; check it, and from which root it is seen',
    EINVAL:
      'a flag is unknown, or the mount is unbindable or locked to the mounts around it; copy the whole tree with AT_RECURSIVE',
    EACCES: 'part of the path may not be searched by this user; check owner and mode, as seen in this user namespace',
    EMFILE: 'this process has as many open descriptors as RLIMIT_NOFILE allows; close some, or raise the limit',
  },
});

/**
 * Takes hold of a mount, or of a copy of it that move_mount can attach elsewhere: the two halves of a bind mount.
 *
 * @param dirfd - where a relative path starts
 * @param pathname - what to take
 * @param treeFlags - OPEN_TREE_CLONE, OPEN_TREE_CLOEXEC, AT_RECURSIVE, AT_EMPTY_PATH, AT_SYMLINK_NOFOLLOW
 * @see {@link https://man7.org/linux/man-pages/man2/open_tree.2.html | open_tree(2)}
 */
export function openTree(dirfd: Fd, pathname: string, treeFlags = 0): Call {
  return makeCall('open_tree', {
    dirfd: fd('dirfd', dirfd),
    pathname: path('pathname', pathname),
    flags: flags('flags', treeFlags, 'OPEN_TREE|AT'),
  });
}

manual('move_mount', {
  words: ({ from_dirfd, from_pathname, to_pathname, to_dirfd }) =>
    `attach the mount ${from_pathname === '""' ? `of descriptor ${from_dirfd}` : `at ${from_pathname}`} at ${to_pathname === '""' ? `descriptor ${to_dirfd}` : to_pathname}`,
  errors: {
    EPERM,
    ENOSYS,
    EINVAL:
      'a directory can only be mounted on a directory, and a file on a file: check what is at the target; or the source is no mount, or is already attached below a shared mount; make that private first, or take a copy with OPEN_TREE_CLONE',
    ENOENT:
      'the source or the target does not exist; make the target first, and give MOVE_MOUNT_F_EMPTY_PATH for a descriptor alone',
    ENOTDIR: 'part of the path is a file where a directory should be; check the path',
    ELOOP: 'the target lies within the mount that is to be moved there; choose another',
    EBADF: 'a descriptor is not open; open_tree or fsmount gives one',
  },
});

/**
 * Attaches a mount that open_tree or fsmount made, or moves one from place to place.
 *
 * @param fromDirfd - the mount's descriptor, or where fromPathname starts
 * @param fromPathname - "" with MOVE_MOUNT_F_EMPTY_PATH for the descriptor itself
 * @param toDirfd - where toPathname starts
 * @param toPathname - the place; "" with MOVE_MOUNT_T_EMPTY_PATH for the descriptor itself
 * @param moveFlags - MOVE_MOUNT_* flags
 * @see {@link https://man7.org/linux/man-pages/man2/move_mount.2.html | move_mount(2)}
 */
export function moveMount(fromDirfd: Fd, fromPathname: string, toDirfd: Fd, toPathname: string, moveFlags = 0): Call {
  return makeCall('move_mount', {
    from_dirfd: fd('from_dirfd', fromDirfd),
    from_pathname: path('from_pathname', fromPathname),
    to_dirfd: fd('to_dirfd', toDirfd),
    to_pathname: path('to_pathname', toPathname),
    flags: flags('flags', moveFlags, 'MOVE_MOUNT'),
  });
}

/** What mount_setattr(2) changes; what is left out stays. Its numbers are 64 bits wide. */
export interface MountAttributes {
  /** MOUNT_ATTR_* flags to set. */
  readonly attr_set?: number;
  /** MOUNT_ATTR_* flags to clear first; MOUNT_ATTR__ATIME before any of the three atime settings. */
  readonly attr_clr?: number;
  /** MS_PRIVATE, MS_SLAVE, MS_SHARED or MS_UNBINDABLE. */
  readonly propagation?: number;
  /** For MOUNT_ATTR_IDMAP: the descriptor of a user namespace, open already (a struct can't wait for a call). */
  readonly userns_fd?: number;
}

manual('mount_setattr', {
  words: ({ dirfd, pathname, flags = '', attr }) =>
    `change the mount ${pathname === '""' ? `of descriptor ${dirfd}` : `at ${pathname}`}${/AT_RECURSIVE/.test(flags) ? ' and all below it' : ''}: ${attr}`,
  errors: {
    EPERM:
      'a more privileged mount namespace set the flag that is to be cleared, the filesystem or its user namespace allows no id-mapped mount, or CAP_SYS_ADMIN is missing; leave the flag, or run as root',
    EINVAL:
      'the path is no mount point, the flags contradict each other, or the filesystem knows no id-mapped mounts; bind a directory onto itself to make it a mount point',
    EBUSY: 'the mount is to become read-only, but a file on it is open for writing; close that first',
    EBADF: 'dirfd or userns_fd is not open; open it first',
    ENOENT: 'the path does not exist; check it, and from which root it is seen',
    ENOSYS: 'the kernel is older than Linux 5.12; update it, or remount with MS_REMOUNT|MS_BIND',
  },
});

/**
 * Changes the flags of a mount or, with AT_RECURSIVE, of all mounts below it, which mount(2) cannot do: all or none.
 *
 * @param dirfd - where a relative path starts, or the mount itself
 * @param pathname - the mount point; "" with AT_EMPTY_PATH for dirfd itself
 * @param attrFlags - AT_RECURSIVE, AT_EMPTY_PATH, AT_SYMLINK_NOFOLLOW
 * @param attr - what to change
 * @see {@link https://man7.org/linux/man-pages/man2/mount_setattr.2.html | mount_setattr(2)}
 */
export function mountSetattr(dirfd: Fd, pathname: string, attrFlags: number, attr: MountAttributes): Call {
  const { attr_set = 0, attr_clr = 0, propagation = 0, userns_fd = 0 } = attr;
  return makeCall('mount_setattr', {
    dirfd: fd('dirfd', dirfd),
    pathname: path('pathname', pathname),
    flags: flags('flags', attrFlags, 'AT'),
    attr: struct('mount_attr', {
      attr_set: u64('attr.attr_set', attr_set, 'MOUNT_ATTR'),
      attr_clr: u64('attr.attr_clr', attr_clr, 'MOUNT_ATTR'),
      propagation: u64('attr.propagation', propagation, 'MS'),
      userns_fd: u64('attr.userns_fd', userns_fd, 'fd'),
    }),
    size: ulong('size', 32),
  });
}
