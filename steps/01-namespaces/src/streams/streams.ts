import { closeSync, fstatSync } from 'node:fs';

import { type Call, dup3, F_SETFL, fcntl, isatty, O_NONBLOCK, openPipe, perform } from 'shared-native';
import { closeHeld, holdPipe } from '../engine/held.ts';
import type { Container } from '../engine/start.ts';
import { copyOutput } from './copy.ts';
import { copyTyped } from './typed.ts';

/** Pipes in place of the caller's terminal. */
export interface Streams {
  /** The calls by which the container's first process takes its ends for standard input, output and error. */
  readonly calls: readonly Call[];
  /**
   * Begins to copy from a container and to it.
   *
   * @param gone - called with the error when the container's output can't be shown any more
   * @returns undefined if there is nothing to copy, or what waits until all has arrived, once the container has ended
   */
  copy(container: Container, gone: (error: Error) => void): (() => Promise<void>) | undefined;
  /** Gives back the pipes that aren't copied. */
  close(): void;
}

/** A pipe in place of a terminal: the end that the container gets, and the one that is copied from or to. */
interface Pipe {
  readonly terminal: number;
  readonly theirs: number;
  readonly ours: number;
}

// #region no terminal of the caller's
/**
 * Standard streams for a container. Files and pipes are passed on as they are. Not so a terminal: who has it open can
 * push characters into it, as if the person there had typed them; and since the container is no job of that person's
 * shell, the kernel wouldn't stop it for reading in the background. So it gets pipes, and the runtime copies.
 *
 * @param wanted - those of 0, 1 and 2 that the container is to have of the caller
 */
export function standardStreams(wanted: readonly number[]): Streams {
  const pipes: Pipe[] = [];
  const calls = wanted.filter(isatty).map((stream) => dup3(pipeFor(stream, pipes).theirs, stream));
  return {
    calls,
    copy(container, gone) {
      const copied = pipes.splice(0);
      if (copied.length === 0) return undefined;
      const over = new AbortController();
      const ends = copied.map((pipe) => copyPipe(pipe, container, over.signal).catch(gone));
      return async () => {
        over.abort(); // what it wrote is in the pipe: no need to wait for others who may have that open, too
        await Promise.all(ends);
      };
    },
    close() {
      for (const { theirs, ours } of pipes.splice(0)) {
        closeSync(theirs);
        closeHeld(ours);
      }
    },
  };
}
// #endregion

/** Output and error that are one terminal are one pipe, so that what is written keeps its order. */
function pipeFor(stream: number, pipes: Pipe[]): Pipe {
  const same = pipes.find(({ terminal }) => terminal !== 0 && stream !== 0 && device(terminal) === device(stream));
  if (same) return same;
  const [readEnd, writeEnd] = openPipe();
  const [theirs, ours] = stream === 0 ? [readEnd, writeEnd] : [writeEnd, readEnd];
  holdPipe(ours);
  const pipe = { terminal: stream, theirs, ours };
  pipes.push(pipe);
  return pipe;
}

function device(terminal: number): number {
  return fstatSync(terminal).rdev;
}

async function copyPipe({ terminal, theirs, ours }: Pipe, container: Container, over: AbortSignal): Promise<void> {
  closeSync(theirs);
  try {
    if (terminal === 0) return await copyTyped(container, ours, over);
    perform(fcntl(ours, F_SETFL, O_NONBLOCK));
    await copyOutput(ours, terminal, over);
  } finally {
    closeHeld(ours); // who writes to it then has nobody to write to, either
  }
}
