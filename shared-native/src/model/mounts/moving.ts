import { fail } from '../errors.ts';
import { lookUp } from '../files/path.ts';
import type { Mount, Place, State } from '../state.ts';
import { mountPoint } from './mounting.ts';
import { isDetached, isMounted, isOurs, subtree } from './mounts.ts';
import { attach } from './propagation.ts';

/** MS_MOVE. @throws EINVAL, ELOOP */
export function moveTo(state: State, source: string | null, target: Place): void {
  if (!source) fail('EINVAL');
  move(state, lookUp(state, source, { follow: true }), target);
}

/** Moves an attached mount, or attaches a detached one. @throws EINVAL, ELOOP, ENOENT */
export function move(state: State, from: Place, to: Place): void {
  const { mount } = from;
  if (!isMounted(from)) fail('EINVAL');
  if ((mount.root.type === 'directory') !== (to.inode.type === 'directory')) fail('EINVAL');
  const place = mountPoint(state, to);
  const isAttached = isOurs(state, mount);
  if (isAttached && (!mount.parent || mount.locked || mount.parent.group !== 0)) fail('EINVAL');
  if (!isAttached && !isDetached(state, mount)) fail('EINVAL');
  if (!isOurs(state, place.mount)) fail('EINVAL');
  if (place.mount.group && subtree(state, mount).some(({ unbindable }) => unbindable)) fail('EINVAL');
  for (let at: Mount | null = place.mount; at; at = at.parent) if (at === mount) fail('ELOOP');
  attach(state, mount, place);
}
