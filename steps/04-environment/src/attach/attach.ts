import { closeSync, readSync, write } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { ReadStream } from 'node:tty';
import { promisify } from 'node:util';
import { F_SETFL, fcntl, O_NONBLOCK, O_RDWR, perform, whenReadable } from 'shared-native';
import type { Attachment } from 'step-03';
import { makeRaw } from './raw-mode.ts';
import { followSize } from './window-size.ts';

const STDIN = 0;
const STDOUT = 1;

// #region between two terminals
/**
 * Connects the caller's terminal with the container's: what the container writes is shown, what is typed goes to the
 * container, byte for byte, and its terminal has the size of the caller's.
 *
 * @param master - the host's end of the container's terminal; closed in the end
 * @param typed - does what is typed go to the container? Then the caller's terminal is raw meanwhile
 */
export function attachTerminal(master: number, typed: boolean): Attachment {
  perform(fcntl(master, F_SETFL, O_RDWR | O_NONBLOCK));
  const unfollow = followSize(master);
  const restore = typed ? makeRaw(STDIN) : () => {};
  const stopTyping = typed ? copyTyped(master) : async () => {};
  const shown = copyShown(master);
  return {
    async end() {
      await shown;
      await stopTyping();
      restore();
      unfollow();
      closeSync(master);
    },
  };
}
// #endregion

/** Writes what the container writes, until its end of the terminal is closed by the last that had it. */
async function copyShown(master: number): Promise<void> {
  const buffer = Buffer.alloc(65_536);
  for (;;) {
    const length = readNow(master, buffer);
    if (length === 'closed') return;
    if (length === 'nothing yet') await new Promise<void>((resolve) => whenReadable(master, resolve));
    else await writeAll(STDOUT, buffer.subarray(0, length));
  }
}

/**
 * Not by a tty.ReadStream: that takes a closed terminal for its end, and loses what is still in it. And not by a read
 * that waits on another thread: this process couldn't end until it is over.
 */
function readNow(master: number, into: Buffer): number | 'nothing yet' | 'closed' {
  try {
    return readSync(master, into) || 'closed';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EAGAIN' ? 'nothing yet' : 'closed'; // EIO
  }
}

/** Passes on what is typed, no faster than the container reads it. @returns what ends it. */
function copyTyped(master: number): () => Promise<void> {
  const input = new ReadStream(STDIN); // libuv opens the terminal anew: it stays a blocking one for everybody else
  let writing = Promise.resolve();
  input.on('data', (bytes) => {
    input.pause();
    writing = writeAll(master, bytes as Buffer).then(() => void input.resume());
  });
  input.on('error', () => {}); // it has hung up: SIGHUP says so
  return async () => {
    input.destroy();
    await writing;
  };
}

const writeSome = promisify(write);

/** Writes all of it; what nobody reads any more is lost. */
async function writeAll(to: number, bytes: Buffer): Promise<void> {
  for (let rest = bytes; rest.length > 0; ) {
    try {
      const { bytesWritten } = await writeSome(to, rest);
      rest = rest.subarray(bytesWritten);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return; // EPIPE, EIO: gone
      await sleep(5); // somebody made it non-blocking, and it is full
    }
  }
}
