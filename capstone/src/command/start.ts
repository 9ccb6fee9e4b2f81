import type { Subcommand } from 'step-10';

/** `start`: what has ended, or was never started, runs again. */
export const startCommand: Subcommand = {
  name: 'start',
  description: 'start containers that are not running',
  positionals: [['[container...]', 'their names or ids']],
  needsRoot: true,
  failure: 1,
  options: (command) =>
    command
      .option('-a, --attach', 'show what it writes, pass signals on, and end as it ends')
      .option('--detach-keys <keys>', 'the keys that end this, and not the container (default: ctrl-p,ctrl-q)')
      .option('-i, --interactive', 'pass standard input on')
      .option('--all-that-should', 'those whose restart policy says that they should run, as after a boot'),
  run: async (flags, names) => (await import('./start/start.ts')).startAsAsked(flags, names),
};
