import { closeSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import { F_SETFL, fcntl, O_NONBLOCK, O_RDWR, perform } from 'shared-native';
import { type Attachment, copyOutput, writeAll } from 'step-03';
import { makeRaw } from './raw-mode.ts';
import { followSize } from './window-size.ts';

const STDIN = 0;
const STDOUT = 1;

// #region between two terminals
/**
 * Connects the caller's terminal with the container's. The container's output appears on the caller's, keys that are typed
 * go to the container byte for byte, and its terminal follows the caller's size.
 *
 * @param master - the host's end of the container's terminal; closed in the end
 * @param typed - pass on what is typed? Then the caller's terminal is raw until the end
 * @param gone - called if output can't be shown any more; the container's terminal has hung up then
 */
export function attachTerminal(master: number, typed: boolean, gone: (error: Error) => void): Attachment {
  perform(fcntl(master, F_SETFL, O_RDWR | O_NONBLOCK));
  const unfollow = followSize(master);
  const restore = typed ? makeRaw(STDIN) : () => {};
  const stopTyping = typed ? copyTyped(master) : async () => {};
  const letGo = async () => {
    unfollow();
    await stopTyping();
    restore();
    closeSync(master);
  };
  const shown = copyOutput(master, STDOUT).then(
    () => letGo,
    async (error: Error) => {
      await letGo();
      gone(error);
      return async () => {};
    },
  );
  return { end: async () => (await shown)() };
}
// #endregion

/** Passes on what is typed, no faster than the container reads it. @returns what ends it. */
function copyTyped(master: number): () => Promise<void> {
  const over = new AbortController();
  const input = new ReadStream(STDIN); // libuv opens the terminal anew: it stays a blocking one for everybody else
  let writing = Promise.resolve();
  input.on('data', (bytes) => {
    input.pause();
    writing = writeAll(master, bytes as Buffer, over.signal)
      .catch(() => {}) // EIO: the container has let go of its terminal
      .then(() => void input.resume());
  });
  input.on('error', () => {}); // it has hung up: SIGHUP says so
  return async () => {
    over.abort();
    input.destroy();
    await writing;
  };
}
