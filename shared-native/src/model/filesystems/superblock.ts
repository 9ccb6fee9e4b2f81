import { makeInode, type NewInode } from '../files/inode.ts';
import type { Filesystem, Inode, State } from '../state.ts';

/** A filesystem with nothing in it. */
export function newFilesystem(
  state: State,
  type: string,
  root: Omit<NewInode, 'type'>,
  rest: Partial<Filesystem> = {},
): Filesystem {
  const filesystem: Filesystem & { root: Inode } = {
    type,
    device: `0:${state.nextDevice++}`,
    options: '',
    readOnly: false,
    owner: state.process.namespaces.user,
    ...rest,
    root: undefined as unknown as Inode,
  };
  filesystem.root = makeInode(state, filesystem, '', { mode: 0o755, ...root, type: 'directory' });
  return filesystem;
}
