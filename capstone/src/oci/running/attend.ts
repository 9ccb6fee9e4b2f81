import { constants } from 'node:os';
import { isatty } from 'shared-native';
import { type Attachment, attachTerminal, type Container } from 'step-10';
import { copyInput } from '../../attach/input.ts';

/** Those that a client sends to end a container, or tells it something by. */
const PASSED: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGCONT'];

/** Stays with a process until it ends: passes signals on, and its terminal. @returns its exit status, 128 and more for a signal */
export async function attend(process_: Container, master: number | undefined): Promise<number> {
  for (const signal of PASSED) process.on(signal, () => process_.kill(signal));
  const attached = master === undefined ? undefined : connect(master, () => process_.kill('SIGHUP'));
  const { status, signal } = await process_.exited;
  await attached?.end();
  return status ?? 128 + (signal ? constants.signals[signal] : 0);
}

/** Connects its terminal to this process's standard streams. Input may also come from a pipe or a file, as with runc. */
function connect(master: number, gone: () => void): Attachment {
  if (isatty(0)) return attachTerminal(master, true, gone);
  const over = new AbortController();
  const attached = attachTerminal(master, false, gone);
  const typed = copyInput(master, [], over.signal);
  return {
    async end() {
      over.abort();
      await typed;
      await attached.end();
    },
  };
}
