import { each, ofVersion, type Subcommand, type Wanted } from 'step-10';

interface ConnectFlags {
  readonly alias?: readonly string[];
  readonly ip?: string;
  readonly ip6?: string;
  readonly gwPriority?: number;
}

/** `network connect` and `disconnect`. */
export const networkCommandsOfOurs: readonly Subcommand[] = [
  {
    name: 'network connect',
    description: 'connect a container to a network',
    positionals: [
      ['<network>', 'its name or ID'],
      ['<container>', 'its name or id; it may run'],
    ],
    needsRoot: true,
    failure: 1,
    options: (command) =>
      command
        .option('--alias <name>', 'an additional name by which others on the network find it', each(String))
        .option('--gw-priority <number>', 'of several networks, the highest gives the default route', Number)
        .option('--ip <address>', 'its IPv4 address there', (text) => ofVersion(4, text, '--ip'))
        .option('--ip6 <address>', 'its IPv6 address there', (text) => ofVersion(6, text, '--ip6')),
    async run({ alias = [], ip, ip6, gwPriority }: ConnectFlags, [network = '', called = '']) {
      const { find } = await import('../containers/find.ts');
      const { connect } = await import('../network/connect.ts');
      const wanted: Wanted = {
        network,
        aliases: alias,
        ...(ip !== undefined && { ip }),
        ...(ip6 !== undefined && { ip6 }),
        ...(gwPriority !== undefined && { gwPriority }),
      };
      await connect(find(called).id, wanted);
      return 0;
    },
  },
  {
    name: 'network disconnect',
    description: 'disconnect a container from a network',
    positionals: [
      ['<network>', 'its name or ID'],
      ['<container>', 'its name or id; it may run'],
    ],
    needsRoot: true,
    failure: 1,
    options: (command) => command.option('-f, --force', 'also from a network that isn’t there any more'),
    async run({ force }: { readonly force?: boolean }, [network = '', called = '']) {
      const { find } = await import('../containers/find.ts');
      const { disconnect } = await import('../network/disconnect.ts');
      await disconnect(find(called).id, network, force);
      return 0;
    },
  },
];
