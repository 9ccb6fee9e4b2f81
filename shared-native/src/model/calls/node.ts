import {
  AT_FDCWD,
  CAP_MKNOD,
  S_IFBLK,
  S_IFCHR,
  S_IFDIR,
  S_IFIFO,
  S_IFMT,
  S_IFREG,
  S_IFSOCK,
} from '../../kernel/constants.ts';
import type { Arguments } from '../arguments.ts';
import { mayUseDevice } from '../cgroups/devices.ts';
import { fail } from '../errors.ts';
import { createInode, isWhiteout } from '../files/changes.ts';
import { assertMayCreate } from '../files/permission.ts';
import { makesNoFiles } from '../files/special-files.ts';
import type { Family } from '../handler.ts';
import { capable } from '../process/capabilities.ts';
import type { InodeType, State } from '../state.ts';
import { newName } from './path.ts';

const TYPES: Readonly<Record<number, InodeType>> = {
  0: 'file',
  [S_IFREG]: 'file',
  [S_IFCHR]: 'character',
  [S_IFBLK]: 'block',
  [S_IFIFO]: 'fifo',
  [S_IFSOCK]: 'socket',
};

/** Devices, FIFOs and other files with no content yet. */
export const nodeCalls: Family<'mknod' | 'mknodat'> = {
  mknod: (state, args) => make(state, AT_FDCWD, args),
  mknodat: (state, args) => make(state, args.int('dirfd'), args),
};

function make(state: State, dirfd: number, args: Arguments): number {
  const [path, mode, rdev] = [args.text('pathname'), args.uint('mode'), args.uint('dev')];
  const type = TYPES[mode & S_IFMT] ?? fail((mode & S_IFMT) === S_IFDIR ? 'EPERM' : 'EINVAL');
  const { directory, name } = newName(state, dirfd, path, false);
  assertMayCreate(state, directory.inode);
  const whiteout = isWhiteout({ type, rdev }); // anybody may make one, but not where overlay itself does
  const isDevice = (type === 'character' || type === 'block') && !whiteout;
  if (whiteout && directory.inode.layered) fail('EPERM');
  if (isDevice && !capable(state, state.firstUserNamespace, CAP_MKNOD)) fail('EPERM');
  if (makesNoFiles(directory.inode)) fail(type === 'file' ? 'EACCES' : 'EPERM');
  if (isDevice && !mayUseDevice(state, { type, rdev }, 'm')) fail('EPERM');
  createInode(state, directory.inode, name, {
    type,
    mode: mode & 0o7777 & ~state.process.umask,
    rdev: isDevice ? rdev : 0,
  });
  return 0;
}
