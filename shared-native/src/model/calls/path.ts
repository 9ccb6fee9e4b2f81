import { AT_FDCWD, AT_REMOVEDIR } from '../../kernel/constants.ts';
import { makeCgroup, removeCgroup } from '../cgroups/cgroups.ts';
import { fail } from '../errors.ts';
import { createInode, deleteInode } from '../files/changes.ts';
import { childOf } from '../files/children.ts';
import type { NewInode } from '../files/inode.ts';
import { lookUpTarget, type Target } from '../files/path.ts';
import { assertMayCreate, assertMayDelete, assertWritable } from '../files/permission.ts';
import { makesNoFiles } from '../files/special-files.ts';
import type { Family } from '../handler.ts';
import { mountAt } from '../mounts/mounts.ts';
import type { Inode, State } from '../state.ts';

/** Directories, symbolic links, and how they go. */
export const pathCalls: Family<'mkdir' | 'mkdirat' | 'symlink' | 'symlinkat' | 'rmdir' | 'unlink' | 'unlinkat'> = {
  mkdir: (state, args) => makeDirectory(state, AT_FDCWD, args.text('pathname'), args.uint('mode')),
  mkdirat: (state, args) => makeDirectory(state, args.int('dirfd'), args.text('pathname'), args.uint('mode')),
  symlink: (state, args) => makeLink(state, args.text('target'), AT_FDCWD, args.text('linkpath')),
  symlinkat: (state, args) => makeLink(state, args.text('target'), args.int('newdirfd'), args.text('linkpath')),
  rmdir: (state, args) => removeDirectory(state, AT_FDCWD, args.text('pathname')),
  unlink: (state, args) => removeFile(state, AT_FDCWD, args.text('pathname')),

  unlinkat(state, args) {
    const [dirfd, path, flags] = [args.int('dirfd'), args.text('pathname'), args.uint('flags')];
    if (flags & ~AT_REMOVEDIR) fail('EINVAL');
    return flags & AT_REMOVEDIR ? removeDirectory(state, dirfd, path) : removeFile(state, dirfd, path);
  },
};

function makeDirectory(state: State, dirfd: number, path: string, given: number): number {
  const { directory, name } = newName(state, dirfd, path, true);
  const mode = given & 0o1777 & ~state.process.umask;
  const { inode } = directory;
  assertMayCreate(state, inode);
  if (inode.filesystem.hierarchy) makeCgroup(state, inode, name, mode);
  else if (makesNoFiles(inode)) fail('EPERM');
  else createInode(state, inode, name, { type: 'directory', mode });
  return 0;
}

function makeLink(state: State, text: string, dirfd: number, path: string): number {
  if (text === '') fail('ENOENT');
  makeNode(state, dirfd, path, { type: 'symlink', mode: 0o777, text });
  return 0;
}

/** Makes a file of any type but a directory. */
export function makeNode(state: State, dirfd: number, path: string, what: NewInode, refused = 'EPERM'): void {
  const { directory, name } = newName(state, dirfd, path, false);
  assertMayCreate(state, directory.inode);
  if (makesNoFiles(directory.inode)) fail(refused);
  createInode(state, directory.inode, name, what);
}

/** A name that is free. @throws EEXIST, ENOENT, EROFS */
export function newName(state: State, dirfd: number, path: string, isDirectory: boolean): Target {
  const target = lookUpTarget(state, path, { dirfd });
  const { directory, name, last, trailingSlash } = target;
  if (last !== 'name') fail('EEXIST');
  if (childFor(state, directory.inode, name)) fail('EEXIST');
  if (trailingSlash && !isDirectory) fail('ENOENT');
  if (directory.inode.removed || directory.inode.filesystem.type === 'proc') fail('ENOENT');
  assertWritable(directory.mount);
  return target;
}

function removeDirectory(state: State, dirfd: number, path: string): number {
  const { directory, name, last } = lookUpTarget(state, path, { dirfd });
  if (last === '..') fail('ENOTEMPTY');
  if (last === '.') fail('EINVAL');
  if (last === '/') fail('EBUSY');
  assertWritable(directory.mount);
  const victim = childFor(state, directory.inode, name) ?? fail('ENOENT');
  assertMayDelete(state, directory.inode, victim, true);
  if (victim.filesystem.hierarchy) {
    removeCgroup(victim);
    return 0;
  }
  if (makesNoFiles(victim)) fail('EPERM');
  if (isMountPoint(state, victim)) fail('EBUSY');
  if (victim.entries.size > 0) fail('ENOTEMPTY');
  deleteInode(state, victim);
  return 0;
}

function removeFile(state: State, dirfd: number, path: string): number {
  const { directory, name, last, trailingSlash } = lookUpTarget(state, path, { dirfd });
  if (last !== 'name') fail('EISDIR');
  assertWritable(directory.mount);
  const victim = childFor(state, directory.inode, name) ?? fail('ENOENT');
  if (trailingSlash) fail(victim.type === 'directory' ? 'EISDIR' : 'ENOTDIR');
  assertMayDelete(state, directory.inode, victim, false);
  if (makesNoFiles(victim)) fail('EPERM');
  if (isMountPoint(state, victim)) fail('EBUSY');
  deleteInode(state, victim);
  return 0;
}

function childFor(state: State, directory: Inode, name: string): Inode | undefined {
  if (new TextEncoder().encode(name).length > 255) fail('ENAMETOOLONG');
  return childOf(state, directory, name);
}

/** Is something mounted on it that the process's mount namespace shows? */
function isMountPoint(state: State, inode: Inode): boolean {
  const { mnt } = state.process.namespaces;
  return [...state.mounts].some(
    ({ at, namespace, parent }) => at === inode && namespace === mnt && parent && mountAt(state, parent, inode),
  );
}
