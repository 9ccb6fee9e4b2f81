import type { Command } from 'commander';
import { asFilter, each, type Subcommand } from 'step-10';

const COMMON = { positionals: [], needsRoot: true, failure: 1 } as const;

const infoCommand: Subcommand = {
  ...COMMON,
  name: 'info',
  description: 'show what there is, and on what kind of machine',
  options: (command) => command.option('-f, --format <template>', 'json, or a text such as "{{.ServerVersion}}"'),
  run: async (flags) => (await import('./system/info.ts')).info(flags),
};

const versionCommand: Subcommand = {
  ...COMMON,
  name: 'version',
  description: 'show which version this is',
  needsRoot: false,
  options: (command) => command.option('-f, --format <template>', 'json, or a text such as "{{.Server.Version}}"'),
  run: async (flags) => (await import('./system/version.ts')).version(flags),
};

const dfCommand: Subcommand = {
  ...COMMON,
  name: 'system df',
  description: 'show how much of the disk is used, and for what',
  options: (command) =>
    command
      .option('--format <template>', 'table, "table TEMPLATE", json, or a template for each')
      .option('-v, --verbose', 'each image, container and volume'),
  async run({ verbose, ...flags }: { readonly verbose?: boolean; readonly format?: string }) {
    if (verbose && flags.format === undefined) return (await import('./system/df-verbose.ts')).dfVerbose();
    return (await import('./system/df.ts')).df(flags);
  },
};

const containerPruneCommand: Subcommand = {
  ...COMMON,
  name: 'container prune',
  description: 'remove all containers that do not run',
  options: pruneFlags,
  run: async (flags) => (await import('./system/prune.ts')).pruneContainers(flags),
};

const networkPruneCommand: Subcommand = {
  ...COMMON,
  name: 'network prune',
  description: 'remove all networks of yours that no container uses',
  options: pruneFlags,
  run: async (flags) => (await import('./system/prune.ts')).pruneNetworks(flags),
};

const systemPruneCommand: Subcommand = {
  ...COMMON,
  name: 'system prune',
  description: 'remove what nothing uses: containers that do not run, networks, images',
  options: (command) =>
    pruneFlags(command)
      .option('-a, --all', 'images with a name, too')
      .option('--volumes', 'volumes without a name, too'),
  run: async (flags) => (await import('./system/prune.ts')).pruneAll(flags),
};

/** Those that are about all there is. */
export const aboutAll: readonly Subcommand[] = [
  infoCommand,
  { ...infoCommand, name: 'system info' },
  versionCommand,
  dfCommand,
  containerPruneCommand,
  networkPruneCommand,
  systemPruneCommand,
];

function pruneFlags(command: Command): Command {
  return command
    .option('--filter <name=value>', 'only those: label, label!, until', each(asFilter))
    .option('-f, --force', "don't ask");
}
