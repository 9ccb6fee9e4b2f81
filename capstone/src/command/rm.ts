import type { Subcommand } from 'step-10';

/** `rm`: removes containers, with what they wrote. */
export const rmCommand: Subcommand = {
  name: 'rm',
  description: 'remove containers',
  positionals: [['<container...>', 'their names or ids']],
  needsRoot: true,
  failure: 1,
  options: (command) =>
    command
      .option('-f, --force', 'also those that run: they are killed')
      .option('-v, --volumes', 'their volumes, too, that nobody gave a name')
      .option('-l, --link', 'links of these names (client/alias), not containers'),
  run: async (flags, names) => (await import('./rm/rm.ts')).rm(flags, names),
};
