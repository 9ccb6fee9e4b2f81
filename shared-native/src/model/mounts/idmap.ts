import { CAP_SYS_ADMIN } from '../../kernel/constants.ts';
import { fail } from '../errors.ts';
import { descriptor } from '../files/descriptors.ts';
import { capable } from '../process/capabilities.ts';
import { makeGid, makeUid } from '../process/ids.ts';
import type { Inode, Mount, State, UserNamespace } from '../state.ts';

/** Filesystems whose mounts can be ID-mapped (FS_ALLOW_IDMAP), of those that the model knows. */
const ALLOWED = ['ext4', 'tmpfs'];

/**
 * The maps that MOUNT_ATTR_IDMAP takes from a user namespace's descriptor.
 *
 * @throws EBADF, EINVAL for none or one without maps, EPERM for the first or one without power
 */
export function idmapOf(state: State, fd: number): UserNamespace {
  const { special } = descriptor(state, fd).file.place.inode;
  if (special?.kind !== 'namespace' || special.namespace.type !== 'user') return fail('EINVAL');
  const user = special.namespace as UserNamespace;
  if (user === state.firstUserNamespace || !capable(state, user, CAP_SYS_ADMIN)) fail('EPERM');
  return user;
}

/** Gives a mount an ID map, where it has none, and nobody has seen it yet. @throws EINVAL, EPERM (can_idmap_mount in the kernel) */
export function assertMayIdmap(state: State, { filesystem, idmap, namespace }: Mount, user: UserNamespace): void {
  if (user === filesystem.owner) fail('EINVAL');
  if (idmap) fail('EPERM');
  if (!ALLOWED.includes(filesystem.type)) fail('EINVAL');
  if (!capable(state, filesystem.owner, CAP_SYS_ADMIN)) fail('EPERM');
  if (namespace !== null) fail('EINVAL');
  if (user.uidMap.length === 0 || user.gidMap.length === 0) fail('EINVAL');
}

/** An owner that is nobody anywhere. */
const INVALID = 2 ** 32 - 1;

/** Whose a file is, seen through a mount. */
export function ownersThrough(idmap: Mount['idmap'], { uid, gid }: Inode): { uid: number; gid: number } {
  if (!idmap) return { uid, gid };
  return {
    uid: makeUid(idmap as UserNamespace, uid) ?? INVALID,
    gid: makeGid(idmap as UserNamespace, gid) ?? INVALID,
  };
}
