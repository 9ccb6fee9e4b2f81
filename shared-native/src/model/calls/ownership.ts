import { AT_EMPTY_PATH, AT_FDCWD, AT_SYMLINK_NOFOLLOW, CAP_CHOWN, S_ISGID } from '../../kernel/constants.ts';
import type { Arguments } from '../arguments.ts';
import { fail, ModelError } from '../errors.ts';
import { copyUp, passDown } from '../files/changes.ts';
import { lookUp } from '../files/path.ts';
import { assertWritable, ownsOrCapable } from '../files/permission.ts';
import { maySetGroupId, withoutSetIds } from '../files/set-ids.ts';
import type { Family } from '../handler.ts';
import { capableOf, inGroup } from '../process/capabilities.ts';
import { hasGid, hasUid, newGid, newUid } from '../process/ids.ts';
import type { Inode, Place, State } from '../state.ts';

const PERMISSIONS = 0o7777;

/** Whose files are, and who may do what with them: chown(2), chmod(2), umask(2). */
export const ownershipCalls: Family<'umask' | 'chmod' | 'fchmodat' | 'chown' | 'fchownat'> = {
  umask({ process }, args) {
    const before = process.umask;
    process.umask = args.int('mask') & 0o777;
    return before;
  },

  chmod: (state, args) => changeMode(state, AT_FDCWD, args),
  fchmodat: (state, args) => changeMode(state, args.int('dirfd'), args),

  chown: (state, args) => changeOwner(state, lookUp(state, args.text('pathname'), { follow: true }), args),

  fchownat(state, args) {
    const flags = args.uint('flags');
    if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)) fail('EINVAL');
    const place = lookUp(state, args.text('pathname'), {
      dirfd: args.int('dirfd'),
      follow: (flags & AT_SYMLINK_NOFOLLOW) === 0,
      emptyPath: (flags & AT_EMPTY_PATH) !== 0,
    });
    return changeOwner(state, place, args);
  },
};

function changeMode(state: State, dirfd: number, args: Arguments): number {
  const { mount, inode } = lookUp(state, args.text('pathname'), { dirfd, follow: true });
  assertWritable(mount);
  if (inode.filesystem.type === 'proc' || !ownsOrCapable(state, inode)) fail('EPERM');
  copyUp(state, inode);
  inode.mode = allowedMode(state, inode, inode.gid, args.uint('mode') & PERMISSIONS);
  passDown(inode);
  return 0;
}

/** A new owner, even the old one, takes set-user-ID bits and capabilities from a file. */
function changeOwner(state: State, { mount, inode }: Place, args: Arguments): number {
  assertWritable(mount);
  if (inode.filesystem.type === 'proc') throw new ModelError('chown: files of /proc get their owners from processes');
  const { user } = state.process.namespaces;
  const uid = newUid(user, args, 'owner');
  const gid = newGid(user, args, 'group');
  const { owner } = inode.filesystem;
  if ((uid !== undefined && !hasUid(owner, uid)) || (gid !== undefined && !hasGid(owner, gid))) fail('EOVERFLOW');
  const mode = inode.type === 'directory' ? inode.mode : withoutSetIds(state, inode);
  const mayGive = uid === undefined || isAlready(state, inode, uid) || capableOf(state, inode, CAP_CHOWN);
  if (!mayGive || !mayRegroup(state, inode, gid)) fail('EPERM');
  if (mode !== inode.mode && !ownsOrCapable(state, inode)) fail('EPERM');
  const newGroup = gid ?? inode.gid;
  const allowed = mode === inode.mode ? mode : allowedMode(state, inode, newGroup, mode);
  copyUp(state, inode);
  Object.assign(inode, { uid: uid ?? inode.uid, gid: newGroup, mode: allowed });
  if (inode.type !== 'directory') delete inode.fileCapabilities;
  passDown(inode);
  return 0;
}

function isAlready({ process }: State, inode: Inode, uid: number): boolean {
  return process.fsuid === inode.uid && uid === inode.uid;
}

/** A file's owner may give it to a group that it is in. */
function mayRegroup(state: State, inode: Inode, gid: number | undefined): boolean {
  if (gid === undefined || capableOf(state, inode, CAP_CHOWN)) return true;
  return state.process.fsuid === inode.uid && (gid === inode.gid || inGroup(state, gid));
}

/** Set-group-ID is for members of the group. */
function allowedMode(state: State, inode: Inode, gid: number, mode: number): number {
  return maySetGroupId(state, inode, gid) ? mode : mode & ~S_ISGID;
}
