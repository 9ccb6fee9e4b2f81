import { type Command, Option } from 'commander';
import { each } from 'step-04';
import type { PublishedPort, Wanted } from '../network.ts';
import { parseExpose, parsePublish } from '../publish.ts';
import { standardNotation } from './long-form.ts';
import { address, type ExtraHost, parseExtraHost, parseSearchDomain } from './names.ts';
import { linkLocal, ofVersion, parseMac, parseNetwork } from './wanted.ts';

/** The flags of a network, as commander gives them. */
export interface NetworkFlags {
  network?: Wanted[];
  publish?: PublishedPort[];
  publishAll?: boolean;
  expose?: string[];
  ip?: string;
  ip6?: string;
  linkLocalIp?: string[];
  macAddress?: string;
  networkAlias?: string[];
  dns?: string[];
  dnsSearch?: string[];
  dnsOption?: string[];
  addHost?: ExtraHost[];
}

/** Adds the flags of a network to a command. */
export function networkOptions(command: Command): Command {
  command
    .option('--network <network>', 'bridge (default), none, host, container:NAME, or a network', each(parseNetwork))
    .option('-p, --publish <ports>', 'publish ports on the host: [[ADDRESS:]PORT:]PORT[/udp]', all(published))
    .option('-P, --publish-all', 'publish all exposed ports on free ports of the host')
    .option('--expose <ports>', 'a port or range that -P publishes', all(parseExpose))
    .option('--ip <address>', 'its IPv4 address, in a network that you made', (text) => ofVersion(4, text, '--ip'))
    .option('--ip6 <address>', 'its IPv6 address, in a network that you made', (text) => ofVersion(6, text, '--ip6'))
    .option('--link-local-ip <address>', 'one more, of 169.254.0.0/16 or fe80::/10', each(linkLocal))
    .option('--mac-address <address>', "its interface's, such as 02:42:ac:11:00:02", parseMac)
    .option('--network-alias <name>', 'an additional name by which others on its network find it', each(String))
    .option('--dns <address>', "a DNS server (default: the host's)", each(address('--dns')))
    .option('--dns-search <domain>', 'a domain to search for names without dots; . for none', each(parseSearchDomain))
    .option('--dns-option <option>', 'an option of resolv.conf, such as ndots:2', each(String))
    .option('--add-host <name:address>', 'a name for /etc/hosts; host-gateway is the host', each(parseExtraHost));
  for (const [older, flag] of OLDER) alsoSpelled(command, older, flag);
  return command;
}

/** Spellings that docker still takes, and doesn't show in its help. */
const OLDER = [
  ['--net <network>', '--network'],
  ['--net-alias <name>', '--network-alias'],
  ['--dns-opt <option>', '--dns-option'],
] as const;

/** What is given to the older spelling of a flag counts as given to the flag. */
function alsoSpelled(command: Command, older: string, flag: string): void {
  const newer = command.options.find(({ long }) => long === flag) as Option;
  const option = new Option(older, newer.description).hideHelp();
  if (newer.parseArg) option.parseArg = newer.parseArg;
  option.attributeName = () => newer.attributeName();
  command.addOption(option);
}

function published(text: string): PublishedPort[] {
  return parsePublish(standardNotation(text));
}

/** As `each`, where a value can mean several things. */
function all<T>(parse: (text: string) => readonly T[]) {
  return (text: string, before: readonly T[] = []): T[] => [...before, ...parse(text)];
}
