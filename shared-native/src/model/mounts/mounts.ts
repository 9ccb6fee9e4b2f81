import {
  MS_NOATIME,
  MS_NODEV,
  MS_NODIRATIME,
  MS_NOEXEC,
  MS_NOSUID,
  MS_NOSYMFOLLOW,
  MS_RDONLY,
  MS_RELATIME,
  MS_STRICTATIME,
} from '../../kernel/constants.ts';
import { isBelow } from '../files/inode.ts';
import type { Filesystem, Inode, Mount, MountNamespace, Place, State } from '../state.ts';

export const ATIME_FLAGS = MS_NOATIME | MS_NODIRATIME | MS_RELATIME;

/** The flags that a mount has, of those that mount(2) takes. */
export const MOUNT_FLAGS = MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_NOSYMFOLLOW | ATIME_FLAGS;

/** What mount(2)'s flags make of a mount's: access times are relative unless asked otherwise. */
export function mountFlags(flags: number): number {
  const set = flags & (MOUNT_FLAGS & ~MS_RELATIME);
  if (flags & MS_STRICTATIME) return set & ~MS_NOATIME;
  return flags & MS_NOATIME ? set : set | MS_RELATIME;
}

/** A mount that is attached nowhere yet. */
export function makeMount(state: State, filesystem: Filesystem, source: string, flags: number): Mount {
  return newMount(state, { filesystem, root: filesystem.root, source, flags });
}

function newMount(state: State, what: Pick<Mount, 'filesystem' | 'root' | 'source' | 'flags'> & Partial<Mount>): Mount {
  const mount = {
    parent: null,
    at: null,
    lockedFlags: 0,
    locked: false,
    group: 0,
    master: 0,
    unbindable: false,
    idmap: null,
    namespace: null,
    ...what,
    id: state.nextMount++,
  };
  state.mounts.add(mount);
  return mount;
}

/** Hangs a mount somewhere. */
export function hang(mount: Mount, place: Place): void {
  mount.parent = place.mount;
  mount.at = place.inode;
}

/** The mount that is attached right here. */
export function mountAt(state: State, mount: Mount, inode: Inode): Mount | undefined {
  for (const one of state.mounts) if (one.parent === mount && one.at === inode) return one;
  return undefined;
}

/** What is seen at a place: the root of what was mounted there last, if anything was. */
export function topOf(state: State, place: Place): Place {
  let top = place;
  for (;;) {
    const mount = mountAt(state, top.mount, top.inode);
    if (!mount) return top;
    top = { mount, inode: mount.root };
  }
}

/** The directory above a place; none for a root, and where nothing is above. From a mount's root it is in the mount below. */
export function placeAbove(place: Place, root: Place): Place | undefined {
  const isRoot = (mount: Mount, inode: Inode) => mount === root.mount && inode === root.inode;
  let { mount, inode } = place;
  if (isRoot(mount, inode)) return undefined;
  while (inode === mount.root) {
    if (!mount.parent || !mount.at) return undefined;
    [inode, mount] = [mount.at, mount.parent];
    if (isRoot(mount, inode)) return undefined;
  }
  return inode.parent ? { mount, inode: inode.parent } : undefined;
}

export function childrenOf(state: State, mount: Mount): Mount[] {
  return [...state.mounts].filter(({ parent }) => parent === mount);
}

/** A mount and all below it, each after its parent. */
export function subtree(state: State, mount: Mount): Mount[] {
  return [mount, ...childrenOf(state, mount).flatMap((child) => subtree(state, child))];
}

/** Is a place the root of its mount? Only there can it be unmounted, moved, remounted. */
export function isMounted({ mount, inode }: Place): boolean {
  return inode === mount.root;
}

/** Does the process's mount namespace show it? */
export function isOurs({ process }: State, { namespace }: Mount): boolean {
  return namespace === process.namespaces.mnt;
}

/** Taken by open_tree or fsmount, and not attached yet. */
export function isDetached({ process }: State, mount: Mount): boolean {
  return [...process.descriptors.values()].some(({ file }) => file.detached && file.place.mount === mount);
}

/** Can a place be reached from another by going down? */
export function isReachable(place: Place, from: Place): boolean {
  let { mount, inode } = place;
  while (mount !== from.mount) {
    if (!mount.parent || !mount.at) return false;
    [inode, mount] = [mount.at, mount.parent];
  }
  return isBelow(inode, from.inode);
}

/** What a copy of a mount has to do with the mounts that are its original's peers. */
export interface CopyAs {
  /** It gets what they get, but gives nothing back. Otherwise it is one of them, if there are any. */
  readonly slave?: boolean;
  /** It begins a peer group, if it is in none. */
  readonly shared?: boolean;
  /** What is unbindable is copied as well. */
  readonly unbindable?: boolean;
}

export function copyMount(state: State, original: Mount, root: Inode, as: CopyAs): Mount {
  const { filesystem, source, flags, lockedFlags, locked, unbindable, idmap } = original;
  const slave = as.slave ?? false;
  const group = slave ? 0 : original.group;
  return newMount(state, {
    filesystem,
    root,
    source,
    flags,
    lockedFlags,
    locked,
    idmap,
    unbindable: unbindable && !as.shared,
    group: as.shared && group === 0 ? state.nextGroup++ : group,
    master: slave && original.group !== 0 ? original.group : original.master,
  });
}

/** Copies a mount and all below it. @returns each copy by its original; the tree's own first */
export function copyTree(state: State, original: Mount, root: Inode, as: CopyAs): Map<Mount, Mount> {
  const copies = new Map([[original, copyMount(state, original, root, as)]]);
  const copyChildren = (parent: Mount) => {
    for (const child of childrenOf(state, parent)) {
      const isSeen = parent !== original || isBelow(child.at as Inode, root);
      if (!isSeen || (child.unbindable && !as.unbindable)) continue;
      const copy = copyMount(state, child, child.root, as);
      hang(copy, { mount: copies.get(parent) as Mount, inode: child.at as Inode });
      copies.set(child, copy);
      copyChildren(child);
    }
  };
  copyChildren(original);
  return copies;
}

/** A less privileged mount namespace gets these: it can't take them apart, nor take flags from them. */
export function lockTree(state: State, top: Mount): void {
  for (const mount of subtree(state, top)) {
    mount.lockedFlags = (mount.flags & (MS_RDONLY | MS_NODEV | MS_NOSUID | MS_NOEXEC)) | ATIME_FLAGS;
    if (mount !== top) mount.locked = true;
  }
}

/** May a mount's flags become these, where some are locked? */
export function mayChangeFlags({ flags, lockedFlags }: Mount, wanted: number): boolean {
  const locked = lockedFlags & ~ATIME_FLAGS;
  const atime = (lockedFlags & ATIME_FLAGS) !== 0 && ((flags ^ wanted) & ATIME_FLAGS) !== 0;
  return (locked & ~wanted) === 0 && !atime;
}

/** Puts a whole tree of mounts into a namespace. */
export function enterNamespace(state: State, top: Mount, namespace: MountNamespace): void {
  for (const mount of subtree(state, top)) mount.namespace = namespace;
}
