import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Container } from '../engine/start.ts';
import { readable, readNow, writeAll } from './copy.ts';
import { isInBackground, waitsForInput } from './job-control.ts';

const { O_NOCTTY, O_NONBLOCK, O_RDONLY } = constants;

/** Milliseconds between two looks at whether a background job wants input. */
const LOOK = 100;

// #region as a job of the caller's shell
/**
 * Writes to a pipe what is typed on the terminal that is standard input, until the container ends or Ctrl-D is typed.
 *
 * In the foreground, what is typed is the container's. In the background it is somebody else's: then the terminal is read
 * only if the container waits for input, so that the kernel stops this process by SIGTTIN, as it would have stopped the
 * program itself; and one that wants no input runs on. So does one that only polls, such as Node, until it reads. On a
 * terminal the kernel wouldn't stop that one either before something is typed; here, it doesn't learn that something was.
 *
 * @param over - aborted when the container has ended
 */
export async function copyTyped({ pid }: Container, to: number, over: AbortSignal): Promise<void> {
  // Opened anew, it can be non-blocking and stay a blocking one for everybody else.
  const terminal = openSync('/proc/self/fd/0', O_RDONLY | O_NONBLOCK | O_NOCTTY);
  const pipe = fstatSync(to).ino;
  const buffer = Buffer.alloc(4096);
  try {
    while (!over.aborted) {
      const typed = isInBackground() && !waitsForInput(pid, pipe) ? 'not for us' : readNow(terminal, buffer);
      if (typed === 'closed') return;
      if (typed === 'not for us') await sleep(LOOK, undefined, { signal: over });
      else if (typed === 'nothing yet') await readable(terminal, over);
      else await writeAll(to, buffer.subarray(0, typed), over);
    }
  } catch {
    // AbortError: it is over. EPIPE: the container reads no more.
  } finally {
    closeSync(terminal);
  }
}
// #endregion
