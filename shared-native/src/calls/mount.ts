import { type Call, makeCall } from '../call.ts';
import { flags, nullable, path, text } from './arguments.ts';
import { manual } from './manual.ts';

manual('mount', {
  words({ source, target, filesystemtype, mountflags = '' }) {
    const all = /MS_REC\b/.test(mountflags);
    const where = all ? `at or below ${target}` : `directly on the mount at ${target}`;
    if (/MS_PRIVATE/.test(mountflags)) return `mounts made ${where} stay in this mount namespace, and none come in`;
    if (/MS_SLAVE/.test(mountflags)) return `mounts come in ${where}, and none go out`;
    if (/MS_REMOUNT/.test(mountflags)) return `change the mount at ${target}: ${mountflags}`;
    if (/MS_BIND/.test(mountflags))
      return `show ${source} at ${target} as well${all ? ', with what is mounted in it' : ''}`;
    if (/MS_MOVE/.test(mountflags)) return `move the mount at ${source} to ${target}`;
    return `attach a ${filesystemtype} filesystem at ${target}`;
  },
  errors: {
    EPERM:
      "CAP_SYS_ADMIN is missing in the user namespace that owns this mount namespace, or (for proc and sysfs in a user namespace) the host's own must still be visible; run as root, and mount proc before the old root is let go",
    EBUSY: 'the target is in use, or is where something of the same source is mounted already; unmount that first',
    EINVAL:
      'the flags contradict each other, the source has no such filesystem, or the target of a remount or move is no mount point; bind a directory onto itself to make it one',
    ENODEV: 'the kernel has no such filesystem type; see /proc/filesystems, or load its module',
    ENOENT: 'the source or the target does not exist; make the target first',
    ENOTDIR: 'a directory can only be mounted on a directory, and a file on a file',
    EACCES: 'part of the path may not be searched, or the source is on a read-only device mounted without MS_RDONLY',
    ELOOP: 'too many symbolic links in the source or the target',
    ENOSPC: 'this mount namespace holds as many mounts as /proc/sys/fs/mount-max allows',
  },
});

/**
 * Attaches a filesystem, binds a tree to a second place, or changes an existing mount: which one, the flags say.
 *
 * @param source - a device, a directory to bind, or any word for a filesystem that needs none; null where unused
 * @param target - where it is to be seen
 * @param filesystemtype - such as "proc" or "overlay"; null where the flags need none
 * @param mountflags - MS_* flags
 * @param data - the filesystem's own options, such as "size=64k"
 * @see {@link https://man7.org/linux/man-pages/man2/mount.2.html | mount(2)}
 */
export function mount(
  source: string | null,
  target: string,
  filesystemtype: string | null,
  mountflags = 0,
  data: string | null = null,
): Call {
  return makeCall('mount', {
    source: nullable(path, 'source', source),
    target: path('target', target),
    filesystemtype: nullable(text, 'filesystemtype', filesystemtype),
    mountflags: flags('mountflags', mountflags, 'MS'),
    data: nullable(text, 'data', data),
  });
}

manual('umount2', {
  page: 'umount',
  words({ target, flags }) {
    return /MNT_DETACH/.test(flags ?? '')
      ? `take the mount at ${target} out of sight now, and let it go when no one uses it any more`
      : `unmount ${target}`;
  },
  errors: {
    EBUSY: 'something still uses a file there; end it, or use MNT_DETACH',
    EINVAL: 'the target is no mount point, or is locked because a more privileged mount namespace made it',
    EPERM: 'CAP_SYS_ADMIN is missing in the user namespace that owns this mount namespace; run as root',
  },
});

/**
 * Takes away the topmost mount at a place.
 *
 * @param target - the mount point
 * @param umountFlags - MNT_* and UMOUNT_NOFOLLOW
 * @see {@link https://man7.org/linux/man-pages/man2/umount.2.html | umount2(2)}
 */
export function umount2(target: string, umountFlags = 0): Call {
  return makeCall('umount2', { target: path('target', target), flags: flags('flags', umountFlags, 'MNT|UMOUNT') });
}

manual('pivot_root', {
  words: ({ new_root, put_old }) =>
    new_root === put_old
      ? `${new_root} becomes the root of everything; the old root lies on top of it, until it is unmounted`
      : `${new_root} becomes the root of everything; the old root is now at ${put_old}`,
  errors: {
    EINVAL:
      'new_root is no mount point, put_old is not below it, or the mount above is shared (make it private first: mount(NULL, "/", NULL, MS_REC|MS_PRIVATE, NULL)); bind new_root onto itself to make it a mount point',
    EBUSY: 'new_root or put_old is on the current root mount; bind new_root onto itself to make it a mount of its own',
    ENOTDIR: 'new_root or put_old is no directory',
    EPERM: 'CAP_SYS_ADMIN is missing in the user namespace that owns this mount namespace; run as root',
  },
});

/**
 * Makes another mount the root of this mount namespace, for every process that has the old one as root.
 * Unlike after chroot, the old root can then be unmounted: nothing is left to escape to.
 *
 * @param newRoot - a mount point that is to become `/`
 * @param putOld - a directory at or below it where the old root is put ("." with "." stacks it on top)
 * @see {@link https://man7.org/linux/man-pages/man2/pivot_root.2.html | pivot_root(2)}
 */
export function pivotRoot(newRoot: string, putOld: string): Call {
  return makeCall('pivot_root', { new_root: path('new_root', newRoot), put_old: path('put_old', putOld) });
}

manual('chroot', {
  words: ({ path }) => `from here on, "/" means ${path} for this process (root can undo it: see step 2)`,
  errors: {
    EPERM: 'CAP_SYS_CHROOT is missing in this user namespace; run as root',
    ENOENT: 'the new root does not exist; make it, or give another',
    ENOTDIR: 'the new root is no directory',
    EACCES: 'part of the path may not be searched by this user',
  },
});

/**
 * Changes what `/` means for this process. No security boundary: a process with CAP_SYS_CHROOT climbs out.
 *
 * @param newRoot - a directory
 * @see {@link https://man7.org/linux/man-pages/man2/chroot.2.html | chroot(2)}
 */
export function chroot(newRoot: string): Call {
  return makeCall('chroot', { path: path('path', newRoot) });
}
