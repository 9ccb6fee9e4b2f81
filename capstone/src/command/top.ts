import type { Subcommand } from 'step-10';

/** `top`: the processes of a container, as the host's ps(1) shows them. */
export const topCommand: Subcommand = {
  name: 'top',
  description: 'show the processes of a container',
  positionals: [
    ['<container>', 'its name or id'],
    ['[command...]', 'options of ps(1) (default: -ef)'],
  ],
  needsRoot: true,
  failure: 1,
  run: async (_, [called = '', ...options]) => (await import('./top/top.ts')).top(called, options),
};
