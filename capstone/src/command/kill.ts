import { type Subcommand, signalNamed } from 'step-10';

/** `kill`: any signal, SIGKILL unless another is named. */
export const killCommand: Subcommand = {
  name: 'kill',
  description: 'send a signal to running containers',
  positionals: [['<container...>', 'their names or ids']],
  needsRoot: true,
  failure: 1,
  options: (command) => command.option('-s, --signal <signal>', 'which (default: SIGKILL)'),
  async run({ signal = 'KILL' }: { readonly signal?: string }, names) {
    const { forEachNamed } = await import('./for-each.ts');
    const { killNamed, orSayWhich } = await import('./kill/kill.ts');
    return forEachNamed(names, (called) => {
      const number = orSayWhich(called, () => signalNamed(signal)); // docker's daemon reads it, for each
      return killNamed(called, number);
    });
  },
};
