import { S_ISGID } from '../../kernel/constants.ts';
import type { Inode, Layered, State } from '../state.ts';
import { addInode, type NewInode, removeInode } from './inode.ts';

// New files, changed ones, deleted ones. Those of an overlay are changed where they are seen, and in the upper directory.

type LayeredInode = Inode & { readonly layered: Layered };

/** A new file as a process makes it: its own, but of the directory's group where that is set-group-ID. */
export function createInode(state: State, directory: Inode, name: string, what: NewInode): Inode {
  const { fsuid, fsgid } = state.process;
  const inherits = (directory.mode & S_ISGID) !== 0;
  const mode = (what.mode ?? 0) | (inherits && what.type === 'directory' ? S_ISGID : 0);
  const its = { ...what, mode, uid: fsuid, gid: inherits ? directory.gid : fsgid };
  return isLayered(directory) ? createLayered(state, directory, name, its) : addInode(state, directory, name, its);
}

/** Deletes a file: a process that has it open keeps it. */
export function deleteInode(state: State, inode: Inode): void {
  if (inode.parent && isLayered(inode.parent)) cover(state, inode, inode.parent);
  removeInode(inode);
}

/** To be called before a file is changed: one of an overlay is copied to the upper directory first, and so are those above it. */
export function copyUp(state: State, { layered, parent, name, ...inode }: Inode): Inode | undefined {
  if (!layered || layered.upper || !parent) return layered?.upper ?? undefined;
  const above = copyUp(state, parent) as Inode;
  const { type, mode, uid, gid, text, rdev, fileCapabilities } = inode;
  layered.upper = addInode(state, above, name, {
    ...{ type, mode, uid, gid, text, rdev },
    ...(fileCapabilities && { fileCapabilities }),
  });
  return layered.upper;
}

/** To be called after a file was changed: one of an overlay is the same in the upper directory. */
export function passDown({ layered, mode, uid, gid, text, fileCapabilities }: Inode): void {
  if (!layered?.upper) return;
  Object.assign(layered.upper, { mode, uid, gid, text });
  delete layered.upper.fileCapabilities;
  if (fileCapabilities) layered.upper.fileCapabilities = fileCapabilities;
}

/** Is this how an upper directory says that a file of the lower ones is deleted? */
export function isWhiteout({ type, rdev }: Pick<Inode, 'type' | 'rdev'>): boolean {
  return type === 'character' && rdev === 0;
}

function isLayered(inode: Inode): inode is LayeredInode {
  return inode.layered !== undefined;
}

/** It's made in the upper directory, in place of a whiteout if there is one. A directory shows nothing of lower ones. */
function createLayered(state: State, directory: LayeredInode, name: string, what: NewInode): Inode {
  const above = copyUp(state, directory) as Inode;
  const opaque = what.type === 'directory' && directory.layered.lowers.length > 0;
  const upper = addInode(state, above, name, { ...what, ...(opaque && { opaque }) });
  return addInode(state, directory, name, { ...what, layered: { upper, lowers: [] } });
}

/** What a lower directory has is covered by a whiteout: otherwise it would be seen again. */
function cover(state: State, { name, layered }: Inode, directory: LayeredInode): void {
  const above = copyUp(state, directory) as Inode;
  if (layered?.upper) removeInode(layered.upper);
  const below = directory.layered.lowers.map((lower) => lower.entries.get(name)).find((one) => one !== undefined);
  if (below && !isWhiteout(below)) addInode(state, above, name, { type: 'character', mode: 0 });
}
