import { type Command, Option } from 'commander';
import { asFilter, each, inspection, type Subcommand } from 'step-06';
import { parseLabel } from '../filter.ts';
import { create, soleName } from './create.ts';
import { inspectedVolume } from './inspect.ts';
import type { Keepers } from './keepers.ts';
import { list } from './list.ts';
import { prune } from './prune.ts';
import { remove } from './remove.ts';

const DOCKERS = { needsRoot: true, failure: 1 } as const;

/**
 * `volume create`, `ls`, `inspect`, `rm`, `prune`.
 *
 * @param keepers - who keeps a volume without running, where containers outlive their command
 */
export const volumeCommands = (keepers: Keepers = () => []): Subcommand[] => [
  {
    ...DOCKERS,
    name: 'volume create',
    description: 'make a volume',
    positionals: [['[volume]', 'its name; without one, it gets a number']],
    options: (command) =>
      command
        .option('-d, --driver <name>', 'its driver: local')
        .addOption(new Option('--name <name>', 'its name: docker’s old way').hideHelp())
        .option(
          '-o, --opt <name=value>',
          'what is mounted there, as for mount: type=tmpfs, device=tmpfs, o=size=64m',
          each(String),
        )
        .option('--label <name=value>', 'what you want to know of it later', labels),
    run: (flags, [name]) => create(flags, soleName(name, flags.name)),
  },
  {
    ...DOCKERS,
    name: 'volume ls',
    description: 'list the volumes',
    positionals: [],
    options: (command) =>
      filterOption(command, '-f, --filter')
        .option('--format <template>', 'as json, or a text such as "{{.Name}} {{.Driver}}"')
        .option('-q, --quiet', 'only their names'),
    run: (flags) => list(flags),
  },
  {
    ...DOCKERS,
    name: 'volume inspect',
    description: 'tell all of volumes, as JSON',
    positionals: [['<volume...>', 'their names']],
    options: (command) => command.option('-f, --format <template>', 'as json, or a text such as "{{.Mountpoint}}"'),
    run: ({ format }, names) => inspection(names, inspectedVolume, format, false),
  },
  {
    ...DOCKERS,
    name: 'volume rm',
    description: 'remove volumes that no container uses, with all that is in them',
    positionals: [['<volume...>', 'their names']],
    options: (command) => command.option('-f, --force', 'say nothing of those that are not there'),
    run: (flags, names) => remove(flags, names, keepers),
  },
  {
    ...DOCKERS,
    name: 'volume prune',
    description: 'remove volumes that have no name and that no container uses',
    positionals: [],
    options: (command) =>
      filterOption(command).option('-a, --all', 'those with a name, too').option('-f, --force', 'do not ask'),
    run: (flags) => prune(flags, keepers),
  },
];

function filterOption(command: Command, flag = '--filter'): Command {
  return command.option(`${flag} <name=value>`, 'only those: name, label, driver, dangling', each(asFilter));
}

function labels(text: string, before: Record<string, string> = {}): Record<string, string> {
  return { ...before, ...parseLabel(text) };
}
