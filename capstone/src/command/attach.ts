import type { Subcommand } from 'step-10';

/** `attach`: the caller's streams become a running container's. */
export const attachCommand: Subcommand = {
  name: 'attach',
  description: 'connect the terminal with a running container',
  positionals: [['<container>', 'its name or id']],
  needsRoot: true,
  failure: 1,
  options: (command) =>
    command
      .option('--no-stdin', 'don’t pass standard input on')
      .option('--detach-keys <keys>', 'the keys that end this, and not the container (default: ctrl-p,ctrl-q)')
      .option('--sig-proxy', 'pass signals on', true),
  run: async (flags, [called = '']) => (await import('./attach/attach.ts')).attachAsAsked(flags, called),
};
