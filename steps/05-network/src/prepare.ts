import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nft } from 'shared-native';
import { resolveInside } from 'step-04';
import { forwarding } from './bridge.ts';
import { leasedEndpoints } from './endpoints.ts';
import { FILES } from './etc/files.ts';
import { DEFAULT_NETWORK } from './network.ts';
import type { Options } from './options.ts';
import { allPorts } from './publish.ts';

/** Leases what is to be the container's own. What it changes for good, it says. */
export async function prepare(wanted: Options, say: (line: string) => void): Promise<Options> {
  for (const warning of wanted.warnings) say(warning);
  const options = unlessImpossible(wanted, say);
  const lacking = FILES.map((file) => resolveInside(options.rootfs, `/etc/${file}`)).filter(
    (path) => lstatSync(join(options.rootfs, path), { throwIfNoEntry: false }) === undefined,
  );
  if (lacking.length > 0) say(`making what ${options.rootfs} lacks: ${lacking.join(', ')}`);
  const endpoints = leasedEndpoints(options.name, options.networks);
  const asked = allPorts(options);
  if (options.usersNetwork) return { ...options, endpoints };
  const ports = asked.length === 0 ? [] : (await import('./publishing/published.ts')).published(asked, endpoints, say);
  for (const { path, name } of endpoints.flatMap(({ network }) => forwarding(network))) {
    if (readFileSync(path, 'utf8').trim() === '0')
      say(`switching on ${name}, so that this host passes packets on; it stays on`);
  }
  return { ...options, endpoints, ports, publishAll: false };
}

/**
 * The default network is what a container gets that asks for none. So where there are no nftables, it has none, and is told
 * why; one that asks for a network or a port gets an error.
 *
 * @param look - fails if there are none
 */
export function unlessImpossible(
  options: Options,
  say: (line: string) => void,
  look = () => nft('list tables'),
): Options {
  const [first, second] = options.networks;
  if (first?.network !== DEFAULT_NETWORK || second || allPorts(options).length > 0) return options;
  try {
    look();
    return options;
  } catch (error) {
    say(`this container has no network, as with --network none: ${(error as Error).message}`);
    return { ...options, networks: [{ network: 'none', aliases: [] }] };
  }
}
