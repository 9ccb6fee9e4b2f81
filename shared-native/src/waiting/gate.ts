import { closeSync, writeSync } from 'node:fs';
import { atLeast, type Call } from '../call.ts';
import { close, pipe2, read } from '../calls.ts';
import { SyscallError } from '../errors.ts';
import { O_CLOEXEC } from '../kernel/constants.ts';
import * as libc from '../machine/libc.ts';

/** A pipe at which a child waits for its parent: until a byte comes, or the parent is gone. */
export interface Gate {
  /** Must come first: the child's own copy of the writing end would keep the pipe open when the parent is gone. */
  readonly letGo: Call;
  /** Waits. A pipe at its end answers 0, which stops the program: the parent is gone. */
  readonly wait: Call;
  /** To be called once the child exists, which has a copy of the reading end. */
  passedOn(): void;
  /** Lets the child go on. Once only; then, or after `shut`, it does nothing. */
  open(): void;
  /** Stops a child that waits, and gives the pipe back. */
  shut(): void;
}

/** Makes a gate. @throws {SyscallError} EMFILE, when this process has too many files open. */
export function openGate(): Gate {
  const [readEnd, writeEnd] = openPipe();
  let mayOpen = true;
  const shut = closeOnce(writeEnd);
  return {
    letGo: close(writeEnd),
    wait: atLeast(read(readEnd, new Uint8Array(1)), 1),
    passedOn: closeOnce(readEnd),
    open() {
      if (mayOpen) writeUnlessGone(writeEnd);
      mayOpen = false;
      shut();
    },
    shut() {
      mayOpen = false;
      shut();
    },
  };
}

/** A child that was killed while it waited, or that failed before, reads no more. */
function writeUnlessGone(writeEnd: number): void {
  try {
    writeSync(writeEnd, 'x');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  }
}

/** A pipe that closes at execve: the end to read from, the end to write to. @throws {SyscallError} EMFILE. */
export function openPipe(flags = 0): [readEnd: number, writeEnd: number] {
  const ends = new Int32Array(2);
  if (libc.pipe2(ends, O_CLOEXEC | flags) === 0) return [...ends] as [number, number];
  throw new SyscallError(pipe2(new Uint8Array(8), O_CLOEXEC | flags), -libc.errno());
}

/** What closes a descriptor when it is first called, and does nothing from then on: its number may be another's. */
export function closeOnce(end: number): () => void {
  let isOpen = true;
  return () => {
    if (isOpen) closeSync(end);
    isOpen = false;
  };
}
