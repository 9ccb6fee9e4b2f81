import { MS_PRIVATE, MS_SHARED, MS_SLAVE, MS_UNBINDABLE } from '../../kernel/constants.ts';
import { isBelow } from '../files/inode.ts';
import type { Inode, Mount, MountNamespace, Place, State } from '../state.ts';
import { type CopyAs, copyTree, enterNamespace, hang, lockTree, mountAt, subtree, topOf } from './mounts.ts';

// What is mounted below a shared mount is mounted below all of its peer group, and below all that are its slaves:
// mount_namespaces(7), "Shared subtrees".

const peersOf = ({ mounts }: State, group: number) => [...mounts].filter((one) => group !== 0 && one.group === group);
const slavesOf = ({ mounts }: State, group: number) => [...mounts].filter((one) => group !== 0 && one.master === group);

/** Every mount to which something below this one spreads. */
export function receivers(state: State, mount: Mount, group = mount.group): Mount[] {
  const slaves = slavesOf(state, group);
  const groups = new Set(slaves.map((slave) => slave.group).filter(Boolean));
  const below = [...groups].flatMap((one) => receivers(state, mount, one));
  const all = [...peersOf(state, group), ...slaves, ...below];
  return [...new Set(all)].filter((one) => one !== mount);
}

/** Attaches a tree of mounts, here and wherever it spreads. */
export function attach(state: State, source: Mount, place: Place): void {
  const { namespace, group } = place.mount;
  const copies = group === 0 ? [] : spread(state, source, place);
  hang(source, place);
  enterNamespace(state, source, namespace as MountNamespace);
  source.locked = false;
  for (const { copy, parent } of copies) settle(state, copy, { mount: parent, inode: place.inode }, place);
}

interface Copied {
  readonly copy: Mount;
  readonly parent: Mount;
}

/** Copies a tree for all to which it spreads. It and its copies become peers. */
function spread(state: State, source: Mount, place: Place): Copied[] {
  // A tree that is moved may itself be where it spreads to. It counts as shared only when all copies are made.
  const fresh = new Set(subtree(state, source).filter(({ group }) => group === 0));
  for (const mount of subtree(state, source)) share(state, mount);
  const found: Copied[] = [];
  const copyFor = (parent: Mount, original: Mount, as: CopyAs) => {
    const isVisible = isBelow(place.inode, parent.root) && parent.namespace !== null;
    const copy = isVisible ? copyTree(state, original, original.root, as).get(original) : undefined;
    if (copy) found.push({ copy, parent });
    return copy;
  };
  const isAlone = (mount: Mount) => mount.group === 0 || fresh.has(mount);
  const toGroup = (group: number, original: Mount, done: Mount | undefined) => {
    let first = original;
    let isPeer = done !== undefined;
    for (const parent of peersOf(state, group)) {
      if (parent === done) continue;
      const copy = copyFor(parent, first, isPeer ? {} : { slave: true, shared: true });
      if (copy && !isPeer) [first, isPeer] = [copy, true];
    }
    const slaves = slavesOf(state, group);
    const [alone, shared] = [slaves.filter(isAlone), slaves.filter((slave) => !isAlone(slave))];
    for (const slave of alone) copyFor(slave, first, { slave: true });
    for (const one of new Set(shared.map((slave) => slave.group))) toGroup(one, first, undefined);
  };
  toGroup(place.mount.group, source, place.mount);
  return found;
}

/** Attaches a copy; what is there already comes to lie on top of it, and of what lies on its root (since Linux 6.16). */
function settle(state: State, copy: Mount, place: Place, original: Place): void {
  const before = mountAt(state, place.mount, place.inode);
  hang(copy, place);
  const namespace = place.mount.namespace as MountNamespace;
  enterNamespace(state, copy, namespace);
  if (namespace.owner !== original.mount.namespace?.owner) lockTree(state, copy);
  copy.locked = false;
  if (before) hang(before, topOf(state, { mount: copy, inode: copy.root }));
}

/** Makes a mount shared: the first of a peer group, if it is in none. */
export function share(state: State, mount: Mount): void {
  if (mount.group === 0) mount.group = state.nextGroup++;
  mount.unbindable = false;
}

/** MS_SHARED, MS_PRIVATE, MS_SLAVE or MS_UNBINDABLE. */
export function changePropagation(state: State, mount: Mount, type: number): void {
  if (type === MS_SHARED) {
    share(state, mount);
    return;
  }
  leaveGroup(state, mount);
  if (type === MS_SLAVE) return;
  mount.master = 0;
  mount.unbindable = type === MS_UNBINDABLE;
}

/** It no longer gives; it gets from the peers that it had, or, if it was the last, from whom they all got. */
function leaveGroup(state: State, mount: Mount): void {
  const { group } = mount;
  if (group === 0) return;
  mount.group = 0;
  if (peersOf(state, group).length > 0) {
    mount.master = group;
  } else {
    for (const slave of slavesOf(state, group)) slave.master = mount.master;
  }
}

/** Takes a mount and all below it away, here and wherever that spreads. */
export function unmount(state: State, top: Mount): void {
  const gone = new Set(subtree(state, top));
  for (const mount of [...alsoGone(state, gone)].reverse()) gone.add(mount);
  for (const mount of state.mounts) {
    if (!gone.has(mount) && mount.parent && gone.has(mount.parent)) hang(mount, survivor(mount.parent, gone));
  }
  for (const mount of gone) {
    changePropagation(state, mount, MS_PRIVATE);
    mount.namespace = null;
    if (mount.locked && mount.parent && gone.has(mount.parent)) continue; // it would show what is under it
    mount.parent = null;
    mount.at = null;
    state.mounts.delete(mount);
  }
}

/** Where a mount spreads to, the same place's mount goes as well, unless something else is mounted in it. */
function alsoGone(state: State, gone: ReadonlySet<Mount>): Set<Mount> {
  const also = new Set<Mount>();
  for (const { parent, at } of gone) {
    if (!parent || parent.group === 0) continue;
    for (const receiver of receivers(state, parent)) {
      const there = mountAt(state, receiver, at as Inode);
      if (there && !gone.has(there)) also.add(there);
    }
  }
  const goes = (mount: Mount | null) => mount !== null && (gone.has(mount) || also.has(mount));
  const isHeld = (mount: Mount) =>
    (mount.locked && !goes(mount.parent)) ||
    [...state.mounts].some((child) => child.parent === mount && child.at !== mount.root && !goes(child));
  for (let held = [...also].filter(isHeld); held.length > 0; held = [...also].filter(isHeld)) {
    for (const mount of held) also.delete(mount);
  }
  return also;
}

/** What lay on top of mounts that are gone now lies where they did. */
function survivor(mount: Mount, gone: ReadonlySet<Mount>): Place {
  const place = { mount: mount.parent as Mount, inode: mount.at as Inode };
  return gone.has(place.mount) ? survivor(place.mount, gone) : place;
}

/** Forgets mounts that were attached nowhere. */
export function discard(state: State, top: Mount): void {
  for (const mount of subtree(state, top)) {
    changePropagation(state, mount, MS_PRIVATE);
    state.mounts.delete(mount);
  }
}
