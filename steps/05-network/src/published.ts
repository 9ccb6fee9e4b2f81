import { hairpin } from 'shared-native';
import type { Deed } from 'step-04';
import { setVariable, tellKernel } from './deeds.ts';
import type { Endpoint, PublishedPort } from './network.ts';
import type { Table } from './tables.ts';

// #region the way in
/**
 * The rules of a container's published ports, in a table that holds nothing else, so undoing is deleting it. What comes for a
 * port of the host's, from elsewhere (prerouting) or from the host itself (output), goes to the container instead. Answers
 * find the way back by themselves: the kernel remembers what it translated (conntrack).
 *
 * @param name - the table's
 * @param ports - each with a port of the host's
 * @param endpoint - where the container is: a port leads to its IPv4 address, its IPv6 address, or both
 * @see {@link https://www.netfilter.org/projects/nftables/manpage.html | nft(8)}
 */
export function publishedTable(name: string, ports: readonly PublishedPort[], { addresses }: Endpoint): Table {
  // #region task 4: a published port
  const rules = ports.flatMap(({ hostIp, hostPort, containerPort, protocol }) =>
    addresses.flatMap(({ address }) => {
      const isSix = address.includes(':');
      if (hostIp !== '' && hostIp.includes(':') !== isSix) return []; // nothing translates between IPv4 and IPv6
      // Nothing comes back to ::1 by another interface: rather be refused there at once.
      const [ip, here, to] = isSix ? ['ip6', 'ip6 daddr != ::1', `[${address}]`] : ['ip', 'meta nfproto ipv4', address];
      const isAny = ['', '0.0.0.0', '::'].includes(hostIp);
      const host = isAny ? `${here} fib daddr type local` : `${ip} daddr ${hostIp}`;
      return [`${host} ${protocol} dport ${hostPort} dnat ${ip} to ${to}:${containerPort}`];
    }),
  );
  return {
    family: 'inet',
    name,
    chains: {
      prerouting: ['type nat hook prerouting priority -100', ...rules],
      output: ['type nat hook output priority -100', ...rules],
    },
  };
  // #endregion
}
// #endregion

// #region what else it takes
/**
 * What the way in takes besides the rules: 127.0.0.1 as the source of packets to the bridge, which the kernel otherwise
 * drops (route_localnet); and the way back to who sent a packet, for a container that asks for its own port.
 */
export function wayIn({ network, veth, addresses }: Endpoint): Deed[] {
  const hasFour = addresses.some(({ address }) => !address.includes(':'));
  const localnet = { path: `/proc/sys/net/ipv4/conf/${network.bridge}/route_localnet`, value: '1' };
  return [...(hasFour ? [setVariable(localnet)] : []), tellKernel(hairpin(veth.name))];
}
// #endregion
