import { writeSync } from 'node:fs';
import { styleText } from 'node:util';
import { isatty } from 'shared-native';

/** A descriptor of the terminal, pipe or file that people read. */
export const STDOUT = 1;
export const STDERR = 2;

/** Nobody reads what is written any more: who is told so has nothing left to do. */
export class OutputGone extends Error {
  override readonly name = 'OutputGone';
  readonly code = 'EPIPE';
}

/**
 * Writes text, or bytes, at once. Not by `process.stdout`: that makes a pipe non-blocking, for the container as well, which
 * shares it and may not expect EAGAIN.
 *
 * @throws {OutputGone} where nobody reads any more
 */
export function put(text: string | Uint8Array, to = STDOUT): void {
  let rest = Buffer.from(text as string);
  while (rest.length > 0) rest = rest.subarray(writeSome(rest, to));
}

/** A line of the runtime's own, on standard error. Where nobody can be told, the exit status stands. */
export function say(line: string): void {
  try {
    put(`boxstep: ${line}\n`, STDERR);
  } catch {}
}

/** The text in a style, where a person sees it on a terminal that shows styles. */
export function styled(style: Parameters<typeof styleText>[0], text: string, to = STDOUT): string {
  const plain = !isatty(to) || process.env.NO_COLOR || process.env.TERM === 'dumb';
  return plain ? text : styleText(style, text, { validateStream: false });
}

function writeSome(bytes: Buffer, to: number): number {
  try {
    return writeSync(to, bytes);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EPIPE') throw new OutputGone('nobody reads the output any more', { cause: error });
    if (code !== 'EAGAIN') throw error;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5); // somebody made it non-blocking, and it is full
    return 0;
  }
}
