import { constants } from 'node:os';
import { attachTerminal, type Container } from 'step-10';

/** Those that a client sends to end a container, or tells it something by. */
const PASSED: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGCONT'];

/** Stays with a process until it ends: passes signals on, and its terminal. @returns its exit status, 128 and more for a signal */
export async function attend(process_: Container, master: number | undefined): Promise<number> {
  for (const signal of PASSED) process.on(signal, () => process_.kill(signal));
  const attached = master === undefined ? undefined : attachTerminal(master, true, () => process_.kill('SIGHUP'));
  const { status, signal } = await process_.exited;
  await attached?.end();
  return status ?? 128 + (signal ? constants.signals[signal] : 0);
}
