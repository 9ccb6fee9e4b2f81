import { asFilter, each, integer, type Subcommand } from 'step-10';

/** `ps`: lists containers. */
export const psCommand: Subcommand = {
  name: 'ps',
  description: 'list containers',
  positionals: [],
  needsRoot: true,
  failure: 1,
  options: (command) =>
    command
      .option('-a, --all', 'all of them (default: those that run)')
      .option('-f, --filter <name=value>', 'only those: name, status, ancestor, label, volume, …', each(asFilter))
      .option('--format <template>', 'table, "table TEMPLATE", json, raw, or a template for each')
      .option('-n, --last <number>', 'the last ones that were made, running or not', (text) =>
        integer(text, '--last to be a number'),
      )
      .option('-l, --latest', 'the last one that was made, running or not')
      .option('--no-trunc', 'cut nothing short')
      .option('-q, --quiet', 'show ids alone')
      .option('-s, --size', 'show how large their files are'),
  run: async (flags) => (await import('./ps/ps.ts')).ps(flags),
};
