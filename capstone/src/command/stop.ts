import { put, type Subcommand, signalNamed } from 'step-10';
import { seconds } from './run-flags.ts';

interface Flags {
  readonly signal?: string;
  readonly timeout?: number;
}

const flags: Subcommand['options'] = (command) =>
  command
    .option('-s, --signal <signal>', 'the signal (default: what the container was created with)')
    .option('-t, --timeout <seconds>', 'how long to wait before SIGKILL; -1 is for ever', seconds)
    .option('--time <seconds>', 'an old name of --timeout', (text) => {
      put('Flag --time has been deprecated, use --timeout instead\n'); // docker prints it to standard output
      return seconds(text);
    });

/** `stop`: a signal that it can handle, and after a time SIGKILL. */
export const stopCommand: Subcommand = {
  name: 'stop',
  description: 'stop running containers',
  positionals: [['<container...>', 'their names or ids']],
  needsRoot: true,
  failure: 1,
  options: flags,
  async run({ signal, timeout, time = timeout }: Flags & { readonly time?: number }, names) {
    const [{ forEachNamed }, { stop }, { find }] = await modules();
    const { orSayWhich } = await import('./kill/kill.ts');
    return forEachNamed(names, (called) => {
      const { id } = find(called);
      const how = orSayWhich(called, () => stopping(signal, time), 'stop');
      return stop(id, how);
    });
  },
};

/** `restart`: `stop`, then `start`. */
export const restartCommand: Subcommand = {
  ...stopCommand,
  name: 'restart',
  description: 'stop containers, and start them again',
  async run({ signal, timeout, time = timeout }: Flags & { readonly time?: number }, names) {
    const [{ forEachNamed }, { stop }, { find }] = await modules();
    const { start } = await import('../start.ts');
    return forEachNamed(names, async (called) => {
      const { id } = find(called);
      await stop(id, stopping(signal, time));
      await start(id);
    });
  },
};

function modules() {
  return Promise.all([import('./for-each.ts'), import('../stop.ts'), import('../containers/find.ts')]);
}

function stopping(signal: string | undefined, timeout: number | undefined) {
  return { ...(signal !== undefined && { signal: signalNamed(signal) }), ...(timeout !== undefined && { timeout }) };
}
