import { O_WRONLY, RLIMIT_NOFILE } from '../../kernel/constants.ts';
import { fail } from '../errors.ts';
import { discard } from '../mounts/propagation.ts';
import type { Descriptor, OpenFile, State } from '../state.ts';
import { hangUp } from './terminal.ts';

/** What a number stands for. @throws EBADF */
export function descriptor(state: State, number: number): Descriptor {
  return state.process.descriptors.get(number) ?? fail('EBADF');
}

/** How many descriptors the process may have: RLIMIT_NOFILE. */
export function mostDescriptors({ process }: State): bigint {
  return process.limits.get(RLIMIT_NOFILE)?.soft ?? 1024n;
}

/** Opens a descriptor: the lowest number that is free, from `least` up. @throws EMFILE */
export function addDescriptor(state: State, file: OpenFile, closeOnExec: boolean, least = 0): number {
  const number = freeNumber(state, least);
  state.process.descriptors.set(number, { file, closeOnExec });
  return number;
}

/** The lowest number that is free. @throws EMFILE */
export function freeNumber(state: State, least = 0): number {
  let number = least;
  while (state.process.descriptors.has(number)) number++;
  return BigInt(number) < mostDescriptors(state) ? number : fail('EMFILE');
}

/** Closes a descriptor; the last one of an open file closes that, too. @throws EBADF */
export function closeDescriptor(state: State, number: number): void {
  const { file } = descriptor(state, number);
  state.process.descriptors.delete(number);
  if (![...state.process.descriptors.values()].some((other) => other.file === file)) release(state, file);
}

/** What execve does: descriptors that are marked so are closed. */
export function closeOnExec(state: State): void {
  for (const [number, { closeOnExec }] of [...state.process.descriptors]) {
    if (closeOnExec) closeDescriptor(state, number);
  }
}

/** The last descriptor of an open file is gone. */
function release(state: State, file: OpenFile): void {
  if (file.heldElsewhere) return;
  const { special } = file.place.inode;
  if (special?.kind === 'pipe') {
    if (file.flags & O_WRONLY) special.pipe.writers--;
    else special.pipe.readers--;
  }
  if (file.terminal && file.master) hangUp(state, file.terminal);
  if (file.detached && !file.place.mount.parent) discard(state, file.place.mount);
}
