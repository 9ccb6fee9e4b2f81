import {
  AT_EMPTY_PATH,
  AT_NO_AUTOMOUNT,
  AT_RECURSIVE,
  AT_SYMLINK_NOFOLLOW,
  MOUNT_ATTR__ATIME,
  MOUNT_ATTR_IDMAP,
  MOUNT_ATTR_NOATIME,
  MOUNT_ATTR_NODEV,
  MOUNT_ATTR_NODIRATIME,
  MOUNT_ATTR_NOEXEC,
  MOUNT_ATTR_NOSUID,
  MOUNT_ATTR_NOSYMFOLLOW,
  MOUNT_ATTR_RDONLY,
  MOUNT_ATTR_STRICTATIME,
  MOVE_MOUNT_BENEATH,
  MOVE_MOUNT_F_EMPTY_PATH,
  MOVE_MOUNT_F_SYMLINKS,
  MOVE_MOUNT_SET_GROUP,
  MOVE_MOUNT_T_EMPTY_PATH,
  MOVE_MOUNT_T_SYMLINKS,
  MS_NOATIME,
  MS_NODEV,
  MS_NODIRATIME,
  MS_NOEXEC,
  MS_NOSUID,
  MS_NOSYMFOLLOW,
  MS_PRIVATE,
  MS_RDONLY,
  MS_RELATIME,
  MS_SHARED,
  MS_SLAVE,
  MS_UNBINDABLE,
  O_PATH,
  OPEN_TREE_CLOEXEC,
  OPEN_TREE_CLONE,
} from '../../kernel/constants.ts';
import { fail, ModelError } from '../errors.ts';
import { addDescriptor, descriptor, freeNumber } from '../files/descriptors.ts';
import { fileAt } from '../files/open.ts';
import { lookUp } from '../files/path.ts';
import type { Family } from '../handler.ts';
import { assertMayIdmap, idmapOf } from '../mounts/idmap.ts';
import { assertMayMount, assertNotWritten, takeCopy } from '../mounts/mounting.ts';
import { ATIME_FLAGS, isDetached, isMounted, isOurs, mayChangeFlags, subtree } from '../mounts/mounts.ts';
import { move } from '../mounts/moving.ts';
import { changePropagation } from '../mounts/propagation.ts';
import type { State, UserNamespace } from '../state.ts';

const MOVE_FLAGS = 0x377;
const PROPAGATION = [0, MS_PRIVATE, MS_SLAVE, MS_SHARED, MS_UNBINDABLE];

/** Mounts as descriptors: taken in one place, attached in another. */
export const mountTreeCalls: Family<'open_tree' | 'move_mount' | 'mount_setattr'> = {
  open_tree(state, args) {
    const flags = args.uint('flags');
    const known =
      AT_EMPTY_PATH | AT_NO_AUTOMOUNT | AT_RECURSIVE | AT_SYMLINK_NOFOLLOW | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC;
    if (flags & ~known || (flags & (AT_RECURSIVE | OPEN_TREE_CLONE)) === AT_RECURSIVE) fail('EINVAL');
    if (flags & OPEN_TREE_CLONE) assertMayMount(state);
    freeNumber(state);
    const place = at(state, args.int('dirfd'), args.text('pathname'), flags);
    const closeOnExec = (flags & OPEN_TREE_CLOEXEC) !== 0;
    if (!(flags & OPEN_TREE_CLONE)) return addDescriptor(state, fileAt(place, O_PATH), closeOnExec);
    const mount = takeCopy(state, place, (flags & AT_RECURSIVE) !== 0);
    const file = fileAt({ mount, inode: mount.root }, O_PATH);
    return addDescriptor(state, { ...file, detached: true }, closeOnExec);
  },

  move_mount(state, args) {
    const flags = args.uint('flags');
    assertMayMount(state);
    if (flags & ~MOVE_FLAGS) fail('EINVAL');
    if (flags & (MOVE_MOUNT_SET_GROUP | MOVE_MOUNT_BENEATH))
      throw new ModelError('this flag of move_mount is not modelled');
    const side = (name: 'from' | 'to', follow: number, empty: number) =>
      lookUp(state, args.text(`${name}_pathname`), {
        dirfd: args.int(`${name}_dirfd`),
        follow: (flags & follow) !== 0,
        emptyPath: (flags & empty) !== 0,
      });
    const to = side('to', MOVE_MOUNT_T_SYMLINKS, MOVE_MOUNT_T_EMPTY_PATH);
    const from = side('from', MOVE_MOUNT_F_SYMLINKS, MOVE_MOUNT_F_EMPTY_PATH);
    move(state, from, to);
    return 0;
  },

  mount_setattr(state, args) {
    const flags = args.uint('flags');
    const attr = args.struct('attr', ['attr_set', 'attr_clr', 'propagation', 'userns_fd']);
    if (flags & ~(AT_EMPTY_PATH | AT_RECURSIVE | AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT)) fail('EINVAL');
    if (args.uint('size') < 32) fail('EINVAL');
    assertMayMount(state);
    const [set, clear, propagation] = [Number(attr.attr_set), Number(attr.attr_clr), Number(attr.propagation)];
    if (set === 0 && clear === 0 && propagation === 0) return 0;
    const change = changeOf(set, clear, propagation);
    if (clear & MOUNT_ATTR_IDMAP) fail('EINVAL');
    const user = set & MOUNT_ATTR_IDMAP ? idmapOf(state, Number(attr.userns_fd)) : undefined;
    const place = at(state, args.int('dirfd'), args.text('pathname'), flags);
    if (!isMounted(place)) fail('EINVAL');
    if (!isOurs(state, place.mount) && !isDetached(state, place.mount)) fail('EINVAL');
    const mounts = flags & AT_RECURSIVE ? subtree(state, place.mount) : [place.mount];
    for (const mount of user ? mounts : []) assertMayIdmap(state, mount, user as UserNamespace);
    for (const mount of mounts) {
      const wanted = change(mount.flags);
      if (!mayChangeFlags(mount, wanted)) fail('EPERM');
      if (wanted & ~mount.flags & MS_RDONLY) assertNotWritten(state, (one) => one === mount);
    }
    for (const mount of mounts) {
      mount.flags = change(mount.flags);
      if (user) mount.idmap = { uidMap: user.uidMap, gidMap: user.gidMap };
      if (propagation) changePropagation(state, mount, propagation);
    }
    return 0;
  },
};

function at(state: State, dirfd: number, path: string, flags: number) {
  if (path === '' && flags & AT_EMPTY_PATH && dirfd >= 0) descriptor(state, dirfd);
  const options = { dirfd, follow: !(flags & AT_SYMLINK_NOFOLLOW), emptyPath: (flags & AT_EMPTY_PATH) !== 0 };
  return lookUp(state, path, options);
}

const FLAGS: readonly (readonly [number, number])[] = [
  [MOUNT_ATTR_RDONLY, MS_RDONLY],
  [MOUNT_ATTR_NOSUID, MS_NOSUID],
  [MOUNT_ATTR_NODEV, MS_NODEV],
  [MOUNT_ATTR_NOEXEC, MS_NOEXEC],
  [MOUNT_ATTR_NODIRATIME, MS_NODIRATIME],
  [MOUNT_ATTR_NOSYMFOLLOW, MS_NOSYMFOLLOW],
];

const KNOWN = FLAGS.reduce((all, [attribute]) => all | attribute, MOUNT_ATTR__ATIME | MOUNT_ATTR_IDMAP);

/** What these attributes make of a mount's flags. @throws EINVAL */
function changeOf(set: number, clear: number, propagation: number): (flags: number) => number {
  if ((set | clear) & ~KNOWN || !PROPAGATION.includes(propagation)) fail('EINVAL');
  if (clear & MOUNT_ATTR__ATIME && (clear & MOUNT_ATTR__ATIME) !== MOUNT_ATTR__ATIME) fail('EINVAL');
  if (!(clear & MOUNT_ATTR__ATIME) && set & MOUNT_ATTR__ATIME) fail('EINVAL');
  const atime = set & MOUNT_ATTR__ATIME;
  if (![0, MOUNT_ATTR_NOATIME, MOUNT_ATTR_STRICTATIME].includes(atime)) fail('EINVAL');
  const translate = (attributes: number) => attributesToFlags(attributes);
  const access = atime === MOUNT_ATTR_NOATIME ? MS_NOATIME : atime === MOUNT_ATTR_STRICTATIME ? 0 : MS_RELATIME;
  const settled = clear & MOUNT_ATTR__ATIME ? access : 0;
  const cleared = translate(clear) | (clear & MOUNT_ATTR__ATIME ? ATIME_FLAGS & ~MS_NODIRATIME : 0);
  return (flags) => (flags & ~cleared) | translate(set) | settled;
}

/** MOUNT_ATTR_* as the MS_* flags that a mount has. */
export function attributesToFlags(attributes: number): number {
  return FLAGS.filter(([attribute]) => attributes & attribute).reduce((all, [, flag]) => all | flag, 0);
}
