import { makedev } from '../../calls/node.ts';
import { ModelError } from '../errors.ts';
import { addInode, type NewInode } from '../files/inode.ts';
import { ELF } from '../process/execute.ts';
import type { Inode, State } from '../state.ts';

/** Files by path, each with what it is: a text is the content of a file. Directories above come of themselves. */
export type Tree = Readonly<Record<string, string | NewInode>>;

type Owned = Partial<Pick<NewInode, 'mode' | 'uid' | 'gid'>>;

/** A program that any machine can execute. */
export const executable: NewInode = { type: 'file', mode: 0o755, text: ELF };

/** A program that needs this loader, as a dynamically linked one does. */
export const linked = (loader: string): NewInode => ({ ...executable, text: ELF + loader });

/** A script: `script('#!/bin/sh')`. */
export const script = (text: string, owned: Owned = {}): NewInode => ({ type: 'file', mode: 0o755, text, ...owned });

export const file = (text: string, owned: Owned = {}): NewInode => ({ type: 'file', mode: 0o644, text, ...owned });

export const directory = (owned: Owned = {}): NewInode => ({ type: 'directory', mode: 0o755, ...owned });

/** A symbolic link. */
export const link = (to: string): NewInode => ({ type: 'symlink', mode: 0o777, text: to });

/** A character device. */
export const device = (major: number, minor: number, owned: Owned = {}): NewInode => ({
  type: 'character',
  mode: 0o666,
  rdev: makedev(major, minor),
  ...owned,
});

/** Puts files into a directory. */
export function plant(state: State, top: Inode, tree: Tree): void {
  for (const [path, what] of Object.entries(tree)) {
    const names = path.split('/').filter(Boolean);
    const name = names.pop();
    const parent = names.reduce((at, part) => below(state, at, part), top);
    const one = typeof what === 'string' ? file(what) : what;
    if (name === undefined) Object.assign(top, { mode: one.mode ?? top.mode, uid: one.uid ?? 0, gid: one.gid ?? 0 });
    else if (!parent.entries.has(name)) addInode(state, parent, name, one);
    else if (one.type === 'directory')
      Object.assign(parent.entries.get(name) as Inode, {
        mode: one.mode ?? 0o755,
        uid: one.uid ?? 0,
        gid: one.gid ?? 0,
      });
    else throw new ModelError(`${path} is there already`);
  }
}

function below(state: State, parent: Inode, name: string): Inode {
  const there = parent.entries.get(name) ?? addInode(state, parent, name, directory());
  if (there.type !== 'directory') throw new ModelError(`${name} must be a directory, where something lies in it`);
  return there;
}
