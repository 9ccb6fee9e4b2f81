import { constants } from 'node:os';
import { type Subcommand, signalNamed } from 'step-10';

/** `kill`: any signal, SIGKILL unless another is named. */
export const killCommand: Subcommand = {
  name: 'kill',
  description: 'send a signal to running containers',
  positionals: [['<container...>', 'their names or ids']],
  needsRoot: true,
  failure: 1,
  options: (command) =>
    command.option('-s, --signal <signal>', 'which (default: SIGKILL)', signalNamed, constants.signals.SIGKILL),
  async run({ signal }: { readonly signal: number }, names) {
    const { forEachNamed } = await import('./for-each.ts');
    const { killNamed } = await import('./kill/kill.ts');
    return forEachNamed(names, (called) => killNamed(called, signal));
  },
};
