import { whileUnused } from './lease.ts';
import { chosenMac, isAnothers } from './mac.ts';
import { DEFAULT_NETWORK, type Network, type Wanted } from './network.ts';
import { defaultNetwork, forgetNetwork } from './networks.ts';
import { hostRoutes } from './pools.ts';
import { block, cidrOf, overlap } from './subnet.ts';

/** @throws {Error} if an address is asked for, and the network has none of that kind */
export function assertSubnets({ name, subnets }: Network, { ip, ip6 }: Wanted): void {
  const has = (bits: number) => subnets.some(({ cidr }) => block(cidr).bits === bits);
  const without = ip !== undefined && !has(32) ? ip : ip6 !== undefined && !has(128) ? ip6 : undefined;
  if (without === undefined) return;
  throw new Error(
    `network ${name} has no subnet for ${without}: "network create --ipv6 --subnet …" makes one that has`,
  );
}

/**
 * The network, if this host doesn't reach its addresses by another interface: one that was there later, such as a tunnel. The
 * default network gets another subnet then, unless somebody uses it.
 */
export function usable(network: Network): Network {
  if (isAnothers(network.bridge, chosenMac(network)))
    throw new Error(
      `network ${network.name} can't be used while the host has another interface ${network.bridge}: remove that, or make the network anew`,
    );
  const isDefault = network.name === DEFAULT_NETWORK;
  const blocks = network.subnets.map(({ cidr }) => block(cidr));
  const rival = hostRoutes().find(
    (route) =>
      route.device !== network.bridge &&
      blocks.some((one) => (isDefault ? overlap(one, route) : cidrOf(one) === cidrOf(route))),
  );
  if (rival === undefined) return network;
  if (isDefault && whileUnused(network.name, () => forgetNetwork(network))) return defaultNetwork();
  throw new Error(
    `network ${network.name} can't be used while this host reaches ${cidrOf(rival)} by ${rival.device}: make it anew with another --subnet, or end what uses that`,
  );
}
