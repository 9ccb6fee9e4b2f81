import { hostname } from 'node:os';
import type { Command } from 'commander';
import * as previous from 'step-04';
import { isUsers } from 'step-04';
import { readHostHosts } from './etc/hosts.ts';
import { type Dns, readHostResolvConf } from './etc/resolv-conf.ts';
import { checkMode, discarded, wantedNetworks } from './flags/check.ts';
import type { ExtraHost } from './flags/names.ts';
import { type NetworkFlags, networkOptions } from './flags/network-flags.ts';
import { DEFAULT_NETWORK, type Endpoint, type PublishedPort, type Wanted } from './network.ts';
import { allPorts, type Ports, named as portName } from './publish.ts';

/** What a container is to be like. */
export interface Options extends previous.Options, Ports, Dns {
  /** Where it is plugged in: at least one; the first is eth0. */
  readonly networks: readonly Wanted[];
  /** What there is to say of the flags before it runs. */
  readonly warnings: readonly string[];
  /** Has it no network of ours, but what an ordinary user's programs give it (step 9)? Then `ports` are theirs, too. */
  readonly usersNetwork: boolean;
  /** What it is on each of its networks, once addresses are leased: `prepare` does that. */
  readonly endpoints: readonly Endpoint[] | undefined;
  /** The ports of `-p`; `allPorts` adds those of `-P`. */
  readonly ports: readonly PublishedPort[];
  /** The host's resolv.conf(5), for what the flags don't say of name servers. */
  readonly hostResolvConf: string;
  /** The host's hosts(5), for a container on the host's network. */
  readonly hostHosts?: string;
  /** More lines for its /etc/hosts. */
  readonly addHosts: readonly ExtraHost[];
}

/** What the flags of this step and of those before are, as commander gives them. */
export type Flags = previous.Flags & NetworkFlags;

/** Adds the flags of this step to those of the steps before. */
export function options(command: Command): Command {
  return networkOptions(previous.options(command).optionsGroup('Step 05, network:'));
}

/** The options that the flags and arguments of a command line mean. @throws {Error} if flags contradict each other */
export function read(flags: Flags, positionals: readonly string[]): Options {
  const { publish = [], expose = [], publishAll = false } = flags;
  const { dns = [], dnsSearch = [], dnsOption = [], addHost = [] } = flags;
  const named = wantedNetworks(flags);
  const usersNetwork = isUsers() && named[0]?.network === DEFAULT_NETWORK;
  const wanted = { ports: publish, exposed: [...new Set([...publish.map(portName), ...expose])], publishAll };
  const [first] = named as [Wanted, ...Wanted[]];
  const published = allPorts(wanted);
  checkMode(first, flags, published);
  const isOnHost = first.network === 'host';
  const warnings = discarded(first.network, published);
  return {
    ...previous.read({ ...flags, ...(isOnHost && { hostname: flags.hostname || hostname() }) }, positionals),
    ...wanted,
    ...(warnings.length > 0 && { ports: [], publishAll: false }),
    warnings,
    networks: usersNetwork ? [{ network: 'none', aliases: [] }] : named,
    usersNetwork,
    endpoints: undefined,
    hostResolvConf: readHostResolvConf(),
    ...(isOnHost && { hostHosts: readHostHosts() }),
    dns,
    dnsSearch,
    dnsOptions: dnsOption,
    addHosts: addHost,
  };
}
