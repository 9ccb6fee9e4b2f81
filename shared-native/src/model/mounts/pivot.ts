import { fail } from '../errors.ts';
import type { Place, State } from '../state.ts';
import { mountPoint } from './mounting.ts';
import { hang, isMounted, isOurs, isReachable } from './mounts.ts';

/** pivot_root(2): one mount becomes the root, and what was the root goes below it. @throws EINVAL, EBUSY, ENOENT */
export function pivot(state: State, newRoot: Place, putOld: Place): void {
  const { process } = state;
  const { root } = process;
  const old = mountPoint(state, putOld);
  const parents = [old.mount, newRoot.mount.parent, root.mount.parent];
  if (parents.some((mount) => mount?.group)) fail('EINVAL');
  if (!isOurs(state, root.mount) || !isOurs(state, newRoot.mount) || newRoot.mount.locked) fail('EINVAL');
  if (newRoot.inode.removed) fail('ENOENT');
  if (newRoot.mount === root.mount || old.mount === root.mount) fail('EBUSY');
  if (!isMounted(root) || !root.mount.parent || !isMounted(newRoot) || !newRoot.mount.parent) fail('EINVAL');
  if (!isReachable(old, newRoot) || !isReachable(newRoot, root)) fail('EINVAL');
  const place = { mount: root.mount.parent, inode: root.mount.at } as Place;
  newRoot.mount.locked = root.mount.locked;
  root.mount.locked = false;
  hang(newRoot.mount, place);
  hang(root.mount, old);
  const isOldRoot = ({ mount, inode }: Place) => mount === root.mount && inode === root.inode;
  if (isOldRoot(process.cwd)) process.cwd = newRoot;
  process.root = newRoot;
}
