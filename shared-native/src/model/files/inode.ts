import { S_ISGID } from '../../kernel/constants.ts';
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
}

/** A file that lies nowhere yet. */
export function makeInode(state: State, filesystem: Filesystem, name: string, what: NewInode): Inode {
  const { type, mode = 0o755, uid = 0, gid = 0, text = '', rdev = 0, special, fileCapabilities } = what;
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
  };
}

/** Puts a new file into a directory. */
export function addInode(state: State, directory: Inode, name: string, what: NewInode): Inode {
  const inode = makeInode(state, directory.filesystem, name, what);
  inode.parent = directory;
  directory.entries.set(name, inode);
  return inode;
}

/** A new file as a process makes it: its own, but of the directory's group where that is set-group-ID. */
export function createInode(state: State, directory: Inode, name: string, what: NewInode): Inode {
  const { fsuid, fsgid } = state.process;
  const inherits = (directory.mode & S_ISGID) !== 0;
  const mode = (what.mode ?? 0) | (inherits && what.type === 'directory' ? S_ISGID : 0);
  return addInode(state, directory, name, { ...what, mode, uid: fsuid, gid: inherits ? directory.gid : fsgid });
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
