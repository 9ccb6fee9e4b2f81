import { readSync, write } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { whenReadable } from 'shared-native';

/**
 * Writes to a stream what a pipe or a terminal's other end has for it, until that is closed by the last who has it.
 *
 * @param from - a descriptor that doesn't block
 * @param over - aborted when the container has ended: then what is there now is all
 * @throws {Error} EPIPE, where nobody reads any more; EIO, where a terminal has hung up
 */
export async function copyOutput(from: number, to: number, over?: AbortSignal): Promise<void> {
  const buffer = Buffer.alloc(65_536);
  for (;;) {
    const ended = over?.aborted;
    const length = readNow(from, buffer);
    if (length === 'closed' || (length === 'nothing yet' && ended)) return;
    if (length === 'nothing yet') await readable(from, over);
    else await writeAll(to, buffer.subarray(0, length));
  }
}

/**
 * Reads what is there. Not by a stream: a tty.ReadStream takes a closed terminal for its end, and loses what is still in
 * it. And not by a read that waits on another thread: this process couldn't end until it is over.
 */
export function readNow(from: number, into: Uint8Array): number | 'nothing yet' | 'closed' {
  try {
    return readSync(from, into) || 'closed';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EAGAIN' ? 'nothing yet' : 'closed'; // EIO
  }
}

/** Waits until a descriptor can be read, or it is over. */
export function readable(descriptor: number, over?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      stop();
      over?.removeEventListener('abort', done);
      resolve();
    };
    const stop = whenReadable(descriptor, done);
    over?.addEventListener('abort', done);
    if (over?.aborted) done();
  });
}

const writeSome = promisify(write);

/**
 * Writes all of it, or what is written until it is over.
 *
 * @throws {Error} EPIPE, where nobody reads any more; EIO, where a terminal has hung up
 */
export async function writeAll(to: number, bytes: Uint8Array, over?: AbortSignal): Promise<void> {
  for (let rest = bytes; rest.length > 0 && !over?.aborted; ) {
    try {
      const { bytesWritten } = await writeSome(to, rest);
      rest = rest.subarray(bytesWritten);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      await sleep(5); // somebody made it non-blocking, and it is full
    }
  }
}
