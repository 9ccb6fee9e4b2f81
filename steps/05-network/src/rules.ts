import { addressBytes, addressText, macBytes } from 'shared-native';
import { connectsContainers, masquerades } from './bridge-options.ts';
import type { Endpoint, Network } from './network.ts';
import type { Table } from './tables.ts';

// #region what a network lets through
/**
 * The rules of a network. Packets that leave it get the host's address (masquerade). Packets that come in must be answers, or
 * for a published port (dnat). All others are dropped, so networks don't reach one another.
 */
export function networkTable(network: Network): Table {
  const { bridge, subnets, internal } = network;
  const [from, to] = [`iifname "${bridge}"`, `oifname "${bridge}"`];
  const out = ({ cidr }: { cidr: string }) => `${ip(cidr)} saddr ${cidr} oifname != "${bridge}" masquerade`;
  const hairpin = ({ cidr }: { cidr: string }) => `${ip(cidr)} saddr ${cidr} ${to} ct status dnat masquerade`;
  const isForHost = ({ gateway }: { gateway: string }) => `${from} ${ip(gateway)} daddr ${gateway} accept`;
  return {
    family: 'inet',
    name: bridge,
    chains: {
      loopback: ['type filter hook prerouting priority -300', `${from} ip daddr 127.0.0.0/8 drop`],
      forward: [
        'type filter hook forward priority 0',
        ...(connectsContainers(network) ? [`${from} ${to} accept`] : []), // else the host would lead them to one another
        ...(internal ? [`${from} drop`] : [`${to} ct state established,related accept`, `${to} ct status dnat accept`]),
        `${to} drop`,
      ],
      ...(internal && {
        input: [
          'type filter hook input priority 0',
          ...subnets.map(isForHost),
          `${from} ip6 daddr { fe80::/10, ff00::/8 } accept`, // neighbour discovery
          `${from} drop`,
        ],
      }),
      postrouting: [
        'type nat hook postrouting priority 100',
        ...(masquerades(network) ? subnets.map(out) : []),
        `ip saddr 127.0.0.0/8 ${to} ct status dnat masquerade`,
        ...subnets.map(hairpin),
      ],
    },
  };
}
// #endregion

// #region nobody else's address
/**
 * Which packets may leave a container's cable: those from its own IP and MAC addresses. Otherwise a container with NET_RAW or
 * NET_ADMIN could use a neighbour's address, or get packets that are meant for the neighbour.
 */
export function ownAddressesOnly({ veth, mac, addresses, linkLocalIps = [] }: Endpoint): readonly string[] {
  const all = [...addresses.map(({ address }) => address), ...linkLocalIps];
  const of = (family: 'ip' | 'ip6') => all.filter((one) => ip(one) === family);
  const [four, six] = [of('ip'), of('ip6')];
  const mine = [...six, linkLocal(mac)];
  return [
    `type filter hook ingress device "${veth.name}" priority 0; policy drop`,
    `ether saddr != ${mac} drop`,
    ...four.flatMap((one) => [`arp saddr ether ${mac} arp saddr ip ${one} accept`, `ip saddr ${one} accept`]),
    ...(six.length === 0
      ? []
      : [
          'icmpv6 type { nd-router-advert, nd-redirect } drop',
          `icmpv6 type nd-neighbor-advert ${mine.map((one) => `@th,64,128 != 0x${hex(one)}`).join(' ')} drop`,
          `ip6 saddr { ${mine.join(', ')} } accept`,
        ]),
  ];
}
// #endregion

/** The address that an interface gives itself, from its MAC address: RFC 4291, appendix A. */
function linkLocal(mac: string): string {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = macBytes(mac);
  return addressText(Uint8Array.of(0xfe, 0x80, 0, 0, 0, 0, 0, 0, a ^ 2, b, c, 0xff, 0xfe, d, e, f));
}

function hex(address: string): string {
  return Buffer.from(addressBytes(address)).toString('hex');
}

function ip(address: string): 'ip' | 'ip6' {
  return address.includes(':') ? 'ip6' : 'ip';
}
