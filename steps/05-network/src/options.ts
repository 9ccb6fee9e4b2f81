import type { Command } from 'commander';
import * as previous from 'step-04';
import { DEFAULT_NETWORK, type Endpoint, type PublishedPort, type Wanted } from './network.ts';

/** What a container is to be like. */
export interface Options extends previous.Options {
  /** Where it is plugged in: at least one; the first is eth0. */
  readonly networks: readonly Wanted[];
  /** What it is on each of its networks, once addresses are leased: `prepare` does that. */
  readonly endpoints: readonly Endpoint[] | undefined;
  readonly ports: readonly PublishedPort[];
  /** The name servers of its /etc/resolv.conf, and what else stands there; the host's, where it names none. */
  readonly dns: readonly string[];
  readonly dnsSearch: readonly string[];
  readonly dnsOptions: readonly string[];
  /** More lines for its /etc/hosts. An address may be `host-gateway`. */
  readonly addHosts: readonly { readonly name: string; readonly address: string }[];
}

/** What the flags of this step and of those before are, as commander gives them. */
export type Flags = previous.Flags & {};

/** Adds the flags of this step to those of the steps before. */
export function options(command: Command): Command {
  return previous.options(command);
}

/** The options that the flags and arguments of a command line mean. */
export function read(flags: Flags, positionals: readonly string[]): Options {
  return {
    ...previous.read(flags, positionals),
    networks: [{ network: DEFAULT_NETWORK, aliases: [] }],
    endpoints: undefined,
    ports: [],
    dns: [],
    dnsSearch: [],
    dnsOptions: [],
    addHosts: [],
  };
}
