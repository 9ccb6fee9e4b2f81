import {
  O_APPEND,
  O_CLOEXEC,
  O_CREAT,
  O_DIRECTORY,
  O_EXCL,
  O_LARGEFILE,
  O_NOATIME,
  O_NOCTTY,
  O_NOFOLLOW,
  O_NONBLOCK,
  O_PATH,
  O_RDONLY,
  O_RDWR,
  O_TMPFILE,
  O_TRUNC,
  O_WRONLY,
} from '../../kernel/constants.ts';
import { fail, Waits } from '../errors.ts';
import type { OpenFile, Place, State } from '../state.ts';
import { copyUp, createInode, passDown } from './changes.ts';
import { openCharacterDevice } from './character-device.ts';
import { makeInode } from './inode.ts';
import { lookUp, lookUpLast, type Target, type WalkOptions } from './path.ts';
import {
  allowsDevices,
  assertMay,
  assertMayCreate,
  assertWritable,
  isDevice,
  isReadOnly,
  MAY_EXEC,
  MAY_READ,
  MAY_WRITE,
  ownsOrCapable,
} from './permission.ts';
import { losePrivileges } from './set-ids.ts';
import { assertMayOpenSpecial, makesNoFiles } from './special-files.ts';

const ACCESS = O_WRONLY | O_RDWR;
const TMPFILE = O_TMPFILE & ~O_DIRECTORY;

/** What open keeps of its flags. */
const KEPT = ~(O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_CLOEXEC);

/**
 * Opens a file, and makes it first where O_CREAT asks for that: open(2).
 *
 * @param mode - of a new file, less the umask
 * @throws every errno of open(2)
 */
export function openFile(state: State, path: string, given: number, mode: number, where: WalkOptions): OpenFile {
  const flags = given & O_PATH ? given & (O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : given | O_LARGEFILE;
  const creates = (flags & O_CREAT) !== 0;
  if (creates && flags & O_DIRECTORY) fail('EINVAL');
  if (flags & TMPFILE && (!(flags & O_DIRECTORY) || !(flags & ACCESS))) fail('EINVAL');
  const exclusive = creates && flags & O_EXCL;
  const options = { ...where, follow: !(flags & O_NOFOLLOW) && !exclusive, directory: (flags & O_DIRECTORY) !== 0 };
  if (flags & O_PATH) return fileAt(lookUp(state, path, options), flags);
  if (flags & TMPFILE) return openTemporary(state, lookUp(state, path, { ...options, directory: true }), flags, mode);
  if (!creates) return openFound(state, lookUp(state, path, options), flags);
  const target = lookUpLast(state, path, options);
  if (!target.found) return create(state, target, flags, mode);
  if (exclusive) fail('EEXIST');
  if (target.found.inode.type === 'directory') fail('EISDIR');
  return openFound(state, target.found, flags);
}

function create(state: State, { directory, name }: Target, flags: number, mode: number): OpenFile {
  if (directory.inode.removed || directory.inode.filesystem.type === 'proc') fail('ENOENT');
  if (new TextEncoder().encode(name).length > 255) fail('ENAMETOOLONG');
  assertWritable(directory.mount);
  assertMayCreate(state, directory.inode);
  if (makesNoFiles(directory.inode)) fail('EACCES');
  const permissions = mode & 0o7777 & ~state.process.umask;
  const inode = createInode(state, directory.inode, name, { type: 'file', mode: permissions });
  return fileAt({ mount: directory.mount, inode }, flags);
}

function openTemporary(state: State, { mount, inode }: Place, flags: number, mode: number): OpenFile {
  assertWritable(mount);
  assertMay(state, inode, MAY_WRITE | MAY_EXEC);
  if (!['tmpfs', 'ext4', 'ramfs', 'overlay'].includes(inode.filesystem.type)) fail('EOPNOTSUPP');
  const { fsuid, fsgid, umask } = state.process;
  const what = { type: 'file', mode: mode & 0o7777 & ~umask, uid: fsuid, gid: fsgid } as const;
  const made = makeInode(state, inode.filesystem, `#${state.nextInode}`, what);
  return fileAt({ mount, inode: Object.assign(made, { parent: inode, removed: true }) }, flags);
}

/** Opens what is there. */
function openFound(state: State, place: Place, flags: number): OpenFile {
  const { inode, mount } = place;
  const access = flags & ACCESS;
  const writes = access !== O_RDONLY || (flags & (O_TRUNC | O_APPEND)) !== 0;
  const truncates = (flags & O_TRUNC) !== 0 && inode.type === 'file';
  if (truncates) assertWritable(mount);
  if (inode.type === 'symlink') fail('ELOOP');
  if (inode.type === 'directory' && (access !== O_RDONLY || flags & O_TRUNC)) fail('EISDIR');
  if (isDevice(inode) && !allowsDevices(state, place)) fail('EACCES');
  const truncation = flags & O_TRUNC && inode.type !== 'file' ? 0 : flags & O_TRUNC;
  const mask = (access === O_WRONLY ? 0 : MAY_READ) | (access !== O_RDONLY || truncation ? MAY_WRITE : 0);
  assertMay(state, inode, mask);
  if (flags & O_NOATIME && !ownsOrCapable(state, inode)) fail('EPERM');
  if (writes && access !== O_RDONLY && inode.type === 'file' && isReadOnly(mount)) fail('EROFS');
  const file = openKind(state, place, flags);
  if (inode.type === 'file' && (access !== O_RDONLY || truncates)) copyUp(state, inode);
  if (truncates) {
    inode.text = '';
    losePrivileges(state, inode);
    passDown(inode);
  }
  return file;
}

function openKind(state: State, place: Place, flags: number): OpenFile {
  const { type } = place.inode;
  if (type === 'character') return { ...fileAt(place, flags), ...openCharacterDevice(state, place, flags) };
  if (type === 'socket' || type === 'block') return fail('ENXIO');
  if (type === 'fifo') assertOtherEnd(flags);
  if (flags & ACCESS) assertMayOpenSpecial(state, place.inode);
  return fileAt(place, flags);
}

/** A FIFO waits for someone at its other end. */
function assertOtherEnd(flags: number): void {
  const access = flags & ACCESS;
  if (access === O_RDWR) return;
  if (!(flags & O_NONBLOCK)) throw new Waits('a FIFO waits until its other end is opened');
  if (access === O_WRONLY) fail('ENXIO');
}

/** An open file description of a place, without more ado. */
export function fileAt(place: Place, flags: number): OpenFile {
  return { place, flags: flags & KEPT, position: 0, detached: false, lock: null };
}
