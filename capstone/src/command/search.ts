import type { Subcommand } from 'step-10';

/** `search`: the tags of a repository. There is no standard way to search a registry for names; docker's own works with docker.io alone. */
export const searchCommand: Subcommand = {
  name: 'search',
  description: "list a repository's tags in a registry",
  positionals: [['<repository>', 'NAME, as images are called, without a tag']],
  needsRoot: false,
  failure: 1,
  options: (command) =>
    command
      .option('--format <format>', 'table, "table TEMPLATE", json, or a template for each')
      .option('--limit <number>', 'the most that are listed', limit, 25)
      .option('--list-tags', "which is what is listed anyway: podman's flag"),
  run: async (flags, [repository = '']) => (await import('./search/search.ts')).search(flags, repository),
};

function limit(text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new Error(`Expected a number, got ${JSON.stringify(text)}`);
}
