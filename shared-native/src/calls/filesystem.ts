import { type Call, type Fd, makeCall } from '../call.ts';
import {
  FSCONFIG_CMD_CREATE,
  FSCONFIG_CMD_RECONFIGURE,
  FSCONFIG_SET_FD,
  FSCONFIG_SET_FLAG,
  FSCONFIG_SET_STRING,
} from '../kernel/constants.ts';
import { fd, flags, nullable, path, text, within } from './arguments.ts';
import { manual } from './manual.ts';

// What mount(2) does at once, in steps, each with an error of its own. Since Linux 5.2.

const EPERM = 'CAP_SYS_ADMIN is missing in the user namespace that owns this mount namespace; run as root';
const ENOSYS = 'the kernel is too old for this call; update it, or use mount';

manual('fsopen', {
  words: ({ fsname }) => `begin to set up a ${fsname} filesystem`,
  errors: {
    EPERM,
    ENOSYS,
    ENODEV: 'the kernel has no such filesystem type; see /proc/filesystems, or load its module',
    EINVAL: 'the only flag is FSOPEN_CLOEXEC',
  },
});

/**
 * Begins to set up a filesystem. fsconfig, fsmount and move_mount follow.
 *
 * @param fsname - such as "overlay" or "tmpfs"
 * @param openFlags - FSOPEN_CLOEXEC or 0
 * @see {@link https://man7.org/linux/man-pages/man2/fsopen.2.html | fsopen(2)}
 */
export function fsopen(fsname: string, openFlags = 0): Call {
  return makeCall('fsopen', { fsname: text('fsname', fsname), flags: flags('flags', openFlags, 'FSOPEN') });
}

manual('fsconfig', {
  words({ cmd, key, value, aux }) {
    if (cmd === 'FSCONFIG_CMD_CREATE') return 'make the filesystem from its options';
    if (cmd === 'FSCONFIG_CMD_RECONFIGURE') return 'give the filesystem its new options';
    return `set the option ${key}${value === 'NULL' ? '' : `=${value}`}${aux === '0' ? '' : ` to descriptor ${aux}`}`;
  },
  errors: {
    EPERM,
    ENOSYS,
    EINVAL:
      'the filesystem has no such option or value, or lacks one that it needs; read the descriptor of fsopen, where the kernel says which',
    EBUSY: 'the filesystem is made already, or its device or directory is in use by another; begin again with fsopen',
    ENOENT: 'a directory or device among the options does not exist; make it first',
    EOPNOTSUPP: 'the kernel has no such command; update it',
    EACCES:
      'a directory among the options may not be used by this user, or the device is read-only and the "ro" flag missing',
  },
});

/**
 * Sets an option of a filesystem, or makes it of the options set. The wrappers below are easier to read.
 *
 * @param descriptor - from fsopen or fspick
 * @param cmd - a FSCONFIG_* command
 * @param key - the option's name; null for FSCONFIG_CMD_*
 * @param value - its value; null for a flag or a descriptor
 * @param aux - the descriptor for FSCONFIG_SET_FD; else 0
 * @see {@link https://man7.org/linux/man-pages/man2/fsconfig.2.html | fsconfig(2)}
 */
export function fsconfig(descriptor: Fd, cmd: number, key: string | null, value: string | null, aux: Fd = 0): Call {
  return makeCall('fsconfig', {
    fd: fd('fd', descriptor),
    cmd: within('cmd', cmd, 0, 2 ** 31 - 1, 'FSCONFIG='),
    key: nullable(text, 'key', key),
    value: nullable(text, 'value', value),
    aux: fd('aux', aux),
  });
}

/** Sets an option without a value, such as "ro": `fsconfig(fd, FSCONFIG_SET_FLAG, key, NULL, 0)`. */
export function fsconfigSetFlag(descriptor: Fd, key: string): Call {
  return fsconfig(descriptor, FSCONFIG_SET_FLAG, key, null);
}

/** Sets an option to a text of at most 255 bytes: `fsconfig(fd, FSCONFIG_SET_STRING, key, value, 0)`. */
export function fsconfigSetString(descriptor: Fd, key: string, value: string): Call {
  return fsconfig(descriptor, FSCONFIG_SET_STRING, key, value);
}

/** Sets an option to a descriptor: `fsconfig(fd, FSCONFIG_SET_FD, key, NULL, aux)`. */
export function fsconfigSetFd(descriptor: Fd, key: string, aux: Fd): Call {
  return fsconfig(descriptor, FSCONFIG_SET_FD, key, null, aux);
}

/** Makes the filesystem from its options: `fsconfig(fd, FSCONFIG_CMD_CREATE, NULL, NULL, 0)`. */
export function fsconfigCreate(descriptor: Fd): Call {
  return fsconfig(descriptor, FSCONFIG_CMD_CREATE, null, null);
}

/** Gives a filesystem from fspick its new options: `fsconfig(fd, FSCONFIG_CMD_RECONFIGURE, NULL, NULL, 0)`. */
export function fsconfigReconfigure(descriptor: Fd): Call {
  return fsconfig(descriptor, FSCONFIG_CMD_RECONFIGURE, null, null);
}

manual('fsmount', {
  words: ({ fsfd }) => `make a mount of the filesystem of descriptor ${fsfd}, attached nowhere yet`,
  errors: {
    EPERM:
      "CAP_SYS_ADMIN is missing, or (for proc and sysfs in a user namespace) the host's own must still be visible; run as root, and mount proc before the old root is let go",
    ENOSYS,
    EINVAL: 'the filesystem is not made yet, or a flag is unknown; call fsconfig with FSCONFIG_CMD_CREATE first',
    EBUSY: 'a mount was made of this descriptor already; begin again with fsopen',
  },
});

/**
 * Makes a mount of a filesystem, for move_mount to attach.
 *
 * @param fsfd - from fsopen, after FSCONFIG_CMD_CREATE
 * @param mountFlags - FSMOUNT_CLOEXEC or 0
 * @param attrFlags - MOUNT_ATTR_* flags
 * @see {@link https://man7.org/linux/man-pages/man2/fsmount.2.html | fsmount(2)}
 */
export function fsmount(fsfd: Fd, mountFlags = 0, attrFlags = 0): Call {
  return makeCall('fsmount', {
    fsfd: fd('fsfd', fsfd),
    flags: flags('flags', mountFlags, 'FSMOUNT'),
    attr_flags: flags('attr_flags', attrFlags, 'MOUNT_ATTR'),
  });
}

manual('fspick', {
  words: ({ pathname }) => `begin to change the filesystem mounted at ${pathname}`,
  errors: {
    EPERM,
    ENOSYS,
    EINVAL: 'the path is no mount point, or a flag is unknown; give the place where it is mounted',
    ENOENT: 'the path does not exist; check it, and from which root it is seen',
  },
});

/**
 * Begins to change the options of a filesystem that is mounted. fsconfig follows.
 *
 * @param dirfd - where a relative path starts
 * @param pathname - its mount point
 * @param pickFlags - FSPICK_* flags
 * @see {@link https://man7.org/linux/man-pages/man2/fspick.2.html | fspick(2)}
 */
export function fspick(dirfd: Fd, pathname: string, pickFlags = 0): Call {
  return makeCall('fspick', {
    dirfd: fd('dirfd', dirfd),
    pathname: path('pathname', pathname),
    flags: flags('flags', pickFlags, 'FSPICK'),
  });
}
