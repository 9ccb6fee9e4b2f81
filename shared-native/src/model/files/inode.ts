import type { Filesystem, Inode, InodeType, State } from '../state.ts';

/** What a new file is like; everything but its type has a default. */
export interface NewInode {
  readonly type: InodeType;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly text?: string;
  readonly rdev?: number;
  readonly special?: Inode['special'];
  readonly fileCapabilities?: Inode['fileCapabilities'];
  readonly layered?: Inode['layered'];
  readonly opaque?: boolean;
}

/** A file that lies nowhere yet. */
export function makeInode(state: State, filesystem: Filesystem, name: string, what: NewInode): Inode {
  const {
    type,
    mode = 0o755,
    uid = 0,
    gid = 0,
    text = '',
    rdev = 0,
    special,
    fileCapabilities,
    layered,
    opaque,
  } = what;
  return {
    ino: state.nextInode++,
    type,
    filesystem,
    name,
    parent: null,
    mode,
    uid,
    gid,
    entries: new Map(),
    text,
    rdev,
    removed: false,
    ...(special && { special }),
    ...(fileCapabilities && { fileCapabilities }),
    ...(layered && { layered }),
    ...(opaque && { opaque }),
  };
}

/** Puts a new file into a directory. */
export function addInode(state: State, directory: Inode, name: string, what: NewInode): Inode {
  const inode = makeInode(state, directory.filesystem, name, what);
  inode.parent = directory;
  directory.entries.set(name, inode);
  return inode;
}

/** Takes a file out of its directory: who holds it open keeps it. */
export function removeInode(inode: Inode): void {
  inode.parent?.entries.delete(inode.name);
  inode.removed = true;
}

/** Is `inode` this directory, or below it? */
export function isBelow(inode: Inode, directory: Inode): boolean {
  for (let at: Inode | null = inode; at; at = at.parent) if (at === directory) return true;
  return false;
}
