import { writeSync } from 'node:fs';
import { styleText } from 'node:util';
import { isatty } from 'shared-native';

/** A descriptor of the terminal, pipe or file that people read. */
export const STDOUT = 1;
export const STDERR = 2;

/**
 * Writes text at once. Not by `process.stdout`: that makes a pipe non-blocking, for the container as well, which
 * shares it and may not expect EAGAIN.
 */
export function put(text: string, to = STDOUT): void {
  let rest = Buffer.from(text);
  while (rest.length > 0) rest = rest.subarray(writeSome(rest, to));
}

/** A line of the runtime's own, on standard error. */
export function say(line: string): void {
  put(`boxstep: ${line}\n`, STDERR);
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
    if (code === 'EPIPE') return bytes.length; // nobody reads any more
    if (code !== 'EAGAIN' && to === STDERR) return bytes.length; // nobody can be told: the exit status stands
    if (code !== 'EAGAIN') throw error;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5); // somebody made it non-blocking, and it is full
    return 0;
  }
}
