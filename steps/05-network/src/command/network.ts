import type { Command } from 'commander';
import { each, Misuse, pair, type Subcommand } from 'step-04';
import { asFilter } from '../format/filters.ts';
import { containersIn, type Members } from './containers.ts';
import type { CreateFlags, ListFlags } from './flags.ts';

const DOCKERS = { needsRoot: true, failure: 1 } as const;

/**
 * `network create`, `ls`, `rm`, `inspect`.
 *
 * @param members - who is in a network, where that can change while a container runs
 */
export const networkCommands = (members: Members = containersIn): Subcommand[] => [
  {
    ...DOCKERS,
    name: 'network create',
    description: 'make a network',
    positionals: [['<network>', 'its name']],
    options: createOptions,
    run: async (flags: CreateFlags, [name = '']) => (await import('./create.ts')).create(name, flags),
  },
  {
    ...DOCKERS,
    name: 'network ls',
    description: 'list the networks',
    positionals: [],
    options: (command) =>
      command
        .option(
          '-f, --filter <name=value>',
          'only those: name, id, driver, label, scope, type, dangling',
          each(asFilter),
        )
        .option('--format <template>', 'as json, or a text such as "{{.Name}} {{.Driver}}"')
        .option('--no-trunc', 'show all of an ID')
        .option('-q, --quiet', 'only their IDs'),
    run: async (flags: ListFlags) => (await import('./show.ts')).list(flags, members),
  },
  {
    ...DOCKERS,
    name: 'network rm',
    description: 'remove networks that no container uses',
    positionals: [['<network...>', 'their names or IDs']],
    options: (command) => command.option('-f, --force', 'say nothing of those that are not there'),
    run: async ({ force }: { force?: boolean }, names) =>
      (await import('./remove.ts')).remove(names, force ?? false, members),
  },
  {
    ...DOCKERS,
    name: 'network inspect',
    description: 'tell all of networks, as JSON',
    positionals: [['<network...>', 'their names or IDs']],
    options: (command) =>
      command
        .option('-f, --format <template>', 'as json, or a text such as "{{.Driver}}"')
        .option('-v, --verbose', 'tells more of networks of a swarm: there are none here'),
    run: async ({ format }: { format?: string }, names) => (await import('./show.ts')).inspect(names, members, format),
  },
];

function createOptions(command: Command): Command {
  return command
    .option('-d, --driver <name>', 'its driver: bridge', onlyBridge)
    .option('--subnet <cidr>', 'its addresses, such as 10.1.0.0/16; one of IPv4, one of IPv6', each(String))
    .option('--gateway <address>', "the host's address in it (default: its first)", each(String))
    .option('--ip-range <cidr>', 'where addresses come from that nobody chose', each(String))
    .option('--aux-address <name=address>', 'an address that no container gets', pairs)
    .option('--attachable', 'of a swarm: kept, and shown')
    .option('--config-from <network>', 'not here: give the flags themselves')
    .option('--config-only', 'not here: give the flags themselves')
    .option('--ingress', 'not here: it takes a swarm')
    .option('--ipam-driver <name>', 'who gives out addresses: default', onlyDefault)
    .option('--ipam-opt <name=value>', 'kept, and shown', pairs)
    .option('--scope <scope>', 'local', onlyLocal)
    .option('--ipv4', 'with addresses of IPv4 (default: true)')
    .option('--ipv6', 'with addresses of IPv6')
    .option('--internal', 'nothing is reached from it but the network itself')
    .option('-o, --opt <name=value>', "an option of docker's bridge; any other is only kept and shown", pairs)
    .option('--label <name=value>', 'what you want to know of it later', pairs);
}

function pairs(text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
  const [name, value] = pair(text);
  return { ...before, [name]: value };
}

const NO_SWARM =
  'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again.\nA bridge is the only kind of network here';

function onlyDefault(name: string): string {
  if (name === 'default') return name;
  throw new Misuse(`plugin ${JSON.stringify(name)} not found`, 1);
}

function onlyLocal(scope: string): string {
  if (scope === 'local') return scope;
  if (scope === 'swarm') throw new Misuse('cannot create a swarm scoped network when swarm is not active', 1);
  throw new Misuse(`invalid scope ${JSON.stringify(scope)}: expected local`, 1);
}

function onlyBridge(name: string): string {
  if (name === 'bridge') return name;
  if (name === 'overlay') throw new Misuse(NO_SWARM, 1);
  if (name === 'host' || name === 'null') throw new Misuse(`only one instance of "${name}" network is allowed`, 1);
  throw new Misuse(`plugin "${name}" not found\nThe only driver of networks here is "bridge"`, 1);
}
