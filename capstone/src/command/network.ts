import { each, linkLocal, ofVersion, priority, type Subcommand, type Wanted } from 'step-10';
import { oneMoreLink } from '../links/link.ts';

interface ConnectFlags {
  readonly alias?: readonly string[];
  readonly ip?: string;
  readonly ip6?: string;
  readonly link?: readonly string[];
  readonly linkLocalIp?: readonly string[];
  readonly driverOpt?: readonly string[];
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
        .option('--driver-opt <name=value>', 'an option of the network’s driver', each(String))
        .option('--gw-priority <number>', 'of several networks, the highest gives the default route', priority)
        .option('--ip <address>', 'its IPv4 address there')
        .option('--ip6 <address>', 'its IPv6 address there')
        .option('--link <container[:alias]>', 'a name for another container there', oneMoreLink)
        .option('--link-local-ip <address>', 'one more, of 169.254.0.0/16 or fe80::/10', each(linkLocal)),
    async run(
      { alias = [], ip, ip6, link, linkLocalIp, driverOpt, gwPriority }: ConnectFlags,
      [network = '', called = ''],
    ) {
      const { find } = await import('../containers/find.ts');
      const { connect } = await import('../network/connect.ts');
      const wanted: Wanted = {
        network,
        aliases: alias,
        ...(ip !== undefined && { ip: addressOf(4, ip, '--ip') }),
        ...(ip6 !== undefined && { ip6: addressOf(6, ip6, '--ip6') }),
        ...(link && { links: link }),
        ...(linkLocalIp && { linkLocalIps: linkLocalIp }),
        ...(driverOpt && { driverOpts: driverOptions(driverOpt) }),
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

/** docker's client doesn't look at it, so that it is no fault of the command line. @throws {Error} that begins as docker's */
function addressOf(version: 4 | 6, text: string, flag: string): string {
  try {
    return ofVersion(version, text, flag);
  } catch (error) {
    throw new Error(`invalid endpoint settings:\n${(error as Error).message}`, { cause: error });
  }
}

/** @throws {Error} in docker's words */
function driverOptions(given: readonly string[]): Record<string, string> {
  const pairs = given.map((text) => {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    if (name === undefined || value === undefined) throw new Error('invalid key/value pair format in driver options');
    return [name, value] as const;
  });
  return Object.fromEntries(pairs);
}
