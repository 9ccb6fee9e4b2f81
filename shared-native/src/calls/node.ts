import { type Call, type Fd, makeCall } from '../call.ts';
import { fd, path, uint, within } from './arguments.ts';
import { manual } from './manual.ts';

const errors = {
  EPERM: 'a device needs CAP_MKNOD on the host: no user namespace may make one; bind the device of the host instead',
  EEXIST: 'something is there already; tolerate this error if it may be there',
  ENOENT: 'the directory above it does not exist; make that first',
  EACCES: 'this user may not write to the directory above it, or the device cgroup forbids this device; check both',
  EINVAL: 'the type is none of S_IFREG, S_IFCHR, S_IFBLK, S_IFIFO and S_IFSOCK; take mkdir for a directory',
  EROFS: 'the directory above it is on a mount that may only be read; mount a writable filesystem there first',
  ENOTDIR: 'part of the path is a file where a directory should be; check the path',
};

/**
 * The number of a device, as the kernel's mknod takes it.
 *
 * @param major - its driver, 0 to 4095: 1 for /dev/null
 * @param minor - which of the driver's devices, 0 to 1048575: 3 for /dev/null
 * @throws {RangeError} outside these
 * @see {@link https://man7.org/linux/man-pages/man3/makedev.3.html | makedev(3)}
 */
export function makedev(major: number, minor: number): number {
  within('major', major, 0, 0xfff);
  within('minor', minor, 0, 0xf_ffff);
  return ((minor & 0xff) | (major << 8) | ((minor & 0xf_ff00) << 12)) >>> 0;
}

manual('mknod', { words: ({ pathname, mode, dev }) => nodeWords(pathname, mode, dev), errors });

/**
 * Makes a device, a FIFO, a socket or an empty file.
 *
 * @param pathname - where; the directory above it must exist
 * @param mode - S_IFCHR, S_IFBLK, S_IFIFO, S_IFSOCK or S_IFREG, and permission bits, less the umask
 * @param dev - for a device, its number: makedev(1, 3) is /dev/null
 * @see {@link https://man7.org/linux/man-pages/man2/mknod.2.html | mknod(2)}
 */
export function mknod(pathname: string, mode: number, dev = 0): Call {
  return makeCall('mknod', {
    pathname: path('pathname', pathname),
    mode: uint('mode', mode, 'node'),
    dev: uint('dev', dev, 'dev'),
  });
}

manual('mknodat', { page: 'mknod', words: ({ pathname, mode, dev }) => nodeWords(pathname, mode, dev), errors });

/**
 * Makes a device, a FIFO, a socket or an empty file, its path starting at a directory.
 *
 * @param dirfd - where a relative path starts
 * @param pathname - where; the directory above it must exist
 * @param mode - S_IFCHR, S_IFBLK, S_IFIFO, S_IFSOCK or S_IFREG, and permission bits, less the umask
 * @param dev - for a device, its number
 * @see {@link https://man7.org/linux/man-pages/man2/mknod.2.html | mknodat(2)}
 */
export function mknodat(dirfd: Fd, pathname: string, mode: number, dev = 0): Call {
  return makeCall('mknodat', {
    dirfd: fd('dirfd', dirfd),
    pathname: path('pathname', pathname),
    mode: uint('mode', mode, 'node'),
    dev: uint('dev', dev, 'dev'),
  });
}

function nodeWords(pathname = '', mode = '', dev = ''): string {
  if (/S_IF(CHR|BLK)/.test(mode))
    return `make the device ${pathname}: ${dev.replace(/makedev\((\d+), (\d+)\)/, '$1:$2')}`;
  return `make the ${/S_IFIFO/.test(mode) ? 'FIFO' : /S_IFSOCK/.test(mode) ? 'socket' : 'file'} ${pathname}`;
}
