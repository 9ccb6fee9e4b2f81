import {
  CAP_SYS_CHROOT,
  MNT_DETACH,
  MNT_EXPIRE,
  MNT_FORCE,
  MS_BIND,
  MS_MOVE,
  MS_NOATIME,
  MS_NODIRATIME,
  MS_PRIVATE,
  MS_RDONLY,
  MS_REC,
  MS_RELATIME,
  MS_REMOUNT,
  MS_SHARED,
  MS_SLAVE,
  MS_STRICTATIME,
  MS_UNBINDABLE,
  UMOUNT_NOFOLLOW,
} from '../../kernel/constants.ts';
import { fail } from '../errors.ts';
import { lookUp } from '../files/path.ts';
import { assertMay, MAY_EXEC } from '../files/permission.ts';
import type { Family } from '../handler.ts';
import { assertMayMount, bind, changeTree, reconfigure, remount } from '../mounts/mounting.ts';
import { ATIME_FLAGS, mountFlags } from '../mounts/mounts.ts';
import { moveTo } from '../mounts/moving.ts';
import { mountNew } from '../mounts/new-mount.ts';
import { pivot } from '../mounts/pivot.ts';
import { umount } from '../mounts/unmounting.ts';
import { capableHere } from '../process/capabilities.ts';

const PROPAGATION = MS_SHARED | MS_PRIVATE | MS_SLAVE | MS_UNBINDABLE;
const MS_NOUSER = 2 ** 31;

/** The tree of mounts, and where it begins for this process. */
export const mountCalls: Family<'mount' | 'umount2' | 'pivot_root' | 'chroot'> = {
  mount(state, args) {
    const [source, target] = [args.textOrNull('source'), lookUp(state, args.text('target'), { follow: true })];
    const [type, given, data] = [args.textOrNull('filesystemtype'), args.uint('mountflags'), args.textOrNull('data')];
    const flags = (given & 0xffff_0000) >>> 0 === 0xc0ed_0000 ? given & 0xffff : given;
    if (flags >= MS_NOUSER) fail('EINVAL');
    assertMayMount(state);
    const keepsAtime = flags & MS_REMOUNT && !(flags & (MS_NOATIME | MS_NODIRATIME | MS_RELATIME | MS_STRICTATIME));
    const own = mountFlags(flags);
    const wanted = keepsAtime ? (own & ~ATIME_FLAGS) | (target.mount.flags & ATIME_FLAGS) : own;
    if (flags & MS_REMOUNT && flags & MS_BIND) reconfigure(state, target, wanted);
    else if (flags & MS_REMOUNT) remount(state, target, wanted, (flags & MS_RDONLY) !== 0, data ?? '');
    else if (flags & MS_BIND) bind(state, source, target, (flags & MS_REC) !== 0);
    else if (flags & PROPAGATION) changeTree(state, target, flags);
    else if (flags & MS_MOVE) moveTo(state, source, target);
    else
      mountNew(state, { source, target, type, flags: wanted, readOnly: (flags & MS_RDONLY) !== 0, data: data ?? '' });
    return 0;
  },

  umount2(state, args) {
    const flags = args.uint('flags');
    if (flags & ~(MNT_FORCE | MNT_DETACH | MNT_EXPIRE | UMOUNT_NOFOLLOW)) fail('EINVAL');
    const follow = !(flags & UMOUNT_NOFOLLOW);
    umount(state, lookUp(state, args.text('target'), { follow, topmost: true }), flags);
    return 0;
  },

  pivot_root(state, args) {
    assertMayMount(state);
    const options = { follow: true, directory: true };
    const newRoot = lookUp(state, args.text('new_root'), options);
    pivot(state, newRoot, lookUp(state, args.text('put_old'), options));
    return 0;
  },

  chroot(state, args) {
    const place = lookUp(state, args.text('path'), { follow: true, directory: true });
    assertMay(state, place.inode, MAY_EXEC);
    if (!capableHere(state, CAP_SYS_CHROOT)) fail('EPERM');
    state.process.root = place;
    return 0;
  },
};
