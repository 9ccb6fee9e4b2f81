import type { Subcommand } from 'step-10';

/** `stats`: what containers use. */
export const statsCommand: Subcommand = {
  name: 'stats',
  description: 'show what containers use, as it changes',
  positionals: [['[container...]', 'names or ids (default: those that run)']],
  needsRoot: true,
  failure: 1,
  options: (command) =>
    command
      .option('-a, --all', 'also those that do not run')
      .option('--format <template>', 'table, "table TEMPLATE", json, or a template for each')
      .option('--no-stream', 'show it once')
      .option('--no-trunc', 'show whole ids'),
  run: async (flags, names) => (await import('./stats/stats.ts')).stats(flags, names),
};
