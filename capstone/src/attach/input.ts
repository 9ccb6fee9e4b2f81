import { isatty } from 'shared-native';
import { openInput, writeAll } from 'step-10';
import type { Process } from '../containers/record.ts';
import { INPUT } from '../shim/descriptors.ts';
import { copyOf } from '../shim/sockets.ts';
import { detachBy } from './detach-keys.ts';

/** The other end of a container's standard input. */
export interface Input {
  readonly fd: number;
  /** Is it the master of the container's terminal? */
  readonly isTerminal: boolean;
}

/**
 * Takes a copy of the end that a shim keeps.
 *
 * @returns undefined if it has ended
 * @throws {SyscallError} EPERM: another user's
 */
export function inputOf(shim: Process): Input | undefined {
  const fd = copyOf(shim, INPUT);
  return fd === undefined ? undefined : { fd, isTerminal: isatty(fd) };
}

// #region what is typed
/**
 * Passes on what comes by standard input, no faster than the container reads it.
 *
 * @param keys - bytes by which the person detaches; none where what comes is passed on as it is
 * @param over - aborted when there is nobody any more to pass it to
 * @returns what it ended by
 */
export async function copyInput(to: number, keys: readonly number[], over: AbortSignal): Promise<'end' | 'detached'> {
  const from = openInput();
  const look = keys.length > 0 ? detachBy(keys) : (pass: Uint8Array) => ({ pass, detached: false });
  const buffer = Buffer.alloc(65_536);
  try {
    while (!over.aborted) {
      const length = from.readNow(buffer);
      if (length === 'closed') return 'end';
      if (length === 'nothing yet') {
        await from.readable(over);
        continue;
      }
      const { pass, detached } = look(buffer.subarray(0, length));
      await writeAll(to, pass, over);
      if (detached) return 'detached';
    }
  } catch (error) {
    if (!['EPIPE', 'EIO'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error; // it reads no more
  } finally {
    from.close();
  }
  return 'end';
}
// #endregion
