import { fstatSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Container } from '../engine/start.ts';
import { writeAll } from './copy.ts';
import { openInput } from './input.ts';
import { isInBackground, waitsForInput } from './job-control.ts';

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
  const terminal = openInput();
  const pipe = fstatSync(to).ino;
  const buffer = Buffer.alloc(4096);
  try {
    while (!over.aborted) {
      const typed = isInBackground() && !waitsForInput(pid, pipe) ? 'not for us' : terminal.readNow(buffer);
      if (typed === 'closed') return;
      if (typed === 'not for us') await sleep(LOOK, undefined, { signal: over });
      else if (typed === 'nothing yet') await terminal.readable(over);
      else await writeAll(to, buffer.subarray(0, typed), over);
    }
  } catch {
    // AbortError: it is over. EPIPE: the container reads no more.
  } finally {
    terminal.close();
  }
}
// #endregion
