import { CAP_SYS_ADMIN, MNT_DETACH, MNT_EXPIRE, MNT_FORCE } from '../../kernel/constants.ts';
import { fail, ModelError } from '../errors.ts';
import { capable } from '../process/capabilities.ts';
import type { Inode, Mount, Place, State } from '../state.ts';
import { assertMayMount, setReadOnly } from './mounting.ts';
import { childrenOf, isMounted, isOurs, mountAt } from './mounts.ts';
import { receivers, unmount } from './propagation.ts';

/** umount2(2). @throws EPERM, EINVAL, EBUSY */
export function umount(state: State, { mount, inode }: Place, flags: number): void {
  assertMayMount(state);
  if (!isMounted({ mount, inode }) || !isOurs(state, mount) || mount.locked) fail('EINVAL');
  const { owner } = mount.filesystem;
  if (flags & MNT_FORCE && !capable(state, owner, CAP_SYS_ADMIN)) fail('EPERM');
  if (flags & MNT_EXPIRE) throw new ModelError('MNT_EXPIRE is not modelled');
  if (mount === state.process.root.mount && !(flags & MNT_DETACH)) {
    if (!capable(state, owner, CAP_SYS_ADMIN)) fail('EPERM');
    setReadOnly(state, mount.filesystem, true); // the root can't go, so it can only be written no more
    return;
  }
  if (!mount.parent) fail('EINVAL');
  if (!(flags & MNT_DETACH) && isBusy(state, mount)) fail('EBUSY');
  unmount(state, mount);
}

/** Is something used there, or mounted below; or at the same place wherever it spreads? */
function isBusy(state: State, mount: Mount): boolean {
  if (isUsed(state, mount) || childrenOf(state, mount).length > 0) return true;
  const { parent, at } = mount;
  return receivers(state, parent as Mount).some((receiver) => {
    const there = mountAt(state, receiver, at as Inode);
    if (!there || there === mount) return false;
    const covered = childrenOf(state, there).every((child) => child.at === there.root);
    return covered && isUsed(state, there);
  });
}

/** Is it somebody's root or working directory, or is a file open there? */
function isUsed({ process, others }: State, mount: Mount): boolean {
  const places = [process.root, process.cwd, process.executable, ...others.map(({ root }) => root)];
  const open = [...process.descriptors.values()].map(({ file }) => file.place);
  return [...places, ...open].some((place) => place?.mount === mount);
}
