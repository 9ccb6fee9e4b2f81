import { hairpin } from 'shared-native';
import type { Deed } from 'step-04';
import { setVariable, tellKernel } from './deeds.ts';
import type { Endpoint, PublishedPort } from './network.ts';
import type { Table } from './tables.ts';

// #region the way in
/**
 * The rules of a container's published ports, in a table of their own, so that deleting it undoes them. A packet for a
 * published port, from outside (prerouting) or from the host itself (output), goes to the container instead. Answers find
 * their way back, because the kernel remembers what it translated (conntrack).
 *
 * @param name - the table's name
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
      // No answer could come back to ::1 through another interface: better be refused there immediately.
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
 * What published ports need besides the rules: packets from 127.0.0.1 may go to the bridge, where the kernel otherwise drops
 * them (route_localnet); and the bridge may send a packet back to the container it came from (hairpin mode).
 */
export function wayIn({ network, veth, addresses }: Endpoint): Deed[] {
  const hasFour = addresses.some(({ address }) => !address.includes(':'));
  const localnet = { path: `/proc/sys/net/ipv4/conf/${network.bridge}/route_localnet`, value: '1' };
  return [...(hasFour ? [setVariable(localnet)] : []), tellKernel(hairpin(veth.name))];
}
// #endregion
