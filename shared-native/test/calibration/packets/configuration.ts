import { defaultRoute, linkUp, type Message, newAddress, newBridge, newVeth } from '../../../src/index.ts';
import type { NftTable } from '../../../src/model/index.ts';
import type { Random } from '../random.ts';

/** The machines: the host with two bridges, two boxes at one and one at the other, and the rest of the world. */
export const MACHINES = ['host', 'outside', 'box1', 'box2', 'box3'] as const;
export type Name = (typeof MACHINES)[number];

/** How the machines are set up: all of it in this order. */
export interface Configuration {
  /** Cables between machines come first: the process of the far end is one of the machine `to`. */
  readonly messages: readonly { readonly on: Name; readonly to?: Name; readonly message: Message }[];
  readonly variables: readonly { readonly path: string; readonly value: string }[];
  readonly tables: readonly NftTable[];
}

/** A packet that is sent. */
export interface Asked {
  readonly in: Name;
  readonly to: string;
  readonly port: number;
}

const BRIDGE = { name: 'br0', index: 10 };
const OTHER = { name: 'br1', index: 11 };
const ETH0 = { name: 'eth0', index: 2 };
const BOXES = [
  {
    name: 'box1',
    bridge: BRIDGE,
    near: { name: 'v1', index: 21 },
    four: '10.9.0.2',
    six: 'fd09::2',
    mac: '02:00:00:00:00:02',
  },
  {
    name: 'box2',
    bridge: BRIDGE,
    near: { name: 'v2', index: 22 },
    four: '10.9.0.3',
    six: 'fd09::3',
    mac: '02:00:00:00:00:03',
  },
  {
    name: 'box3',
    bridge: OTHER,
    near: { name: 'v3', index: 23 },
    four: '10.8.0.2',
    six: 'fd08::2',
    mac: '02:00:00:00:00:04',
  },
] as const;

const GATEWAYS = { br0: ['10.9.0.1', 'fd09::1'], br1: ['10.8.0.1', 'fd08::1'] } as const;

/** The host and the boxes; what differs from what a container's network needs is left to chance. */
export function configuration(random: Random): Configuration {
  return {
    messages: [
      ...[BRIDGE, OTHER].flatMap((bridge) => [
        { on: 'host' as const, message: indexed(newBridge(bridge.name), bridge.index) },
        ...GATEWAYS[bridge.name as 'br0' | 'br1'].map((address) => ({
          on: 'host' as const,
          message: newAddress(bridge, address, address.includes(':') ? 64 : 24),
        })),
        { on: 'host' as const, message: linkUp(bridge.name) },
      ]),
      ...BOXES.flatMap((box) => plugged(box, random)),
    ],
    variables: [
      { path: '/proc/sys/net/ipv4/ip_forward', value: random.chance(0.85) ? '1' : '0' },
      { path: '/proc/sys/net/ipv6/conf/all/forwarding', value: random.chance(0.85) ? '1' : '0' },
      { path: '/proc/sys/net/ipv4/conf/br0/route_localnet', value: random.chance(0.6) ? '1' : '0' },
    ],
    tables: [networkTable(random), portsTable(random), ...some(random, 0.7, ingressTable(random))],
  };
}

const some = <T>(random: Random, probability: number, value: T): T[] => (random.chance(probability) ? [value] : []);

function indexed({ header, ...message }: Message, index: number): Message {
  return { ...message, header: { ...header, ifi_index: index } };
}

function plugged(box: (typeof BOXES)[number], random: Random): Configuration['messages'] {
  const { name, bridge, near, four, six, mac } = box;
  const here = (message: Message) => ({ on: name, message });
  const [gateway, gateway6] = GATEWAYS[bridge.name as 'br0' | 'br1'];
  const cable = newVeth(near, bridge.name, { ...ETH0, pid: { pid: true }, mac });
  return [
    { on: 'host', to: name, message: cable },
    ...some(random, 0.5, { on: 'host' as const, message: port(near.name, random) }),
    here(linkUp('lo')),
    here(linkUp('eth0')),
    here(newAddress(ETH0, four, 24)),
    here(newAddress(ETH0, six, 64)),
    ...some(random, 0.9, here(defaultRoute(gateway, ETH0))),
    ...some(random, 0.9, here(defaultRoute(gateway6, ETH0))),
    ...some(random, 0.05, { on: 'host' as const, message: { ...linkUp(near.name), header: { ifi_change: 1 } } }),
  ];
}

function port(name: string, random: Random): Message {
  return {
    type: 'RTM_NEWLINK',
    flags: [],
    header: {},
    attributes: {
      IFLA_IFNAME: name,
      IFLA_LINKINFO: {
        IFLA_INFO_SLAVE_KIND: 'bridge',
        IFLA_INFO_SLAVE_DATA: { IFLA_BRPORT_ISOLATED: Number(random.chance(0.3)), IFLA_BRPORT_MODE: random.below(2) },
      },
    },
  };
}

function networkTable(random: Random): NftTable {
  const out = random.pick(['ip saddr 10.9.0.0/24 oifname != "br0" masquerade', 'ip saddr 10.9.0.0/24 masquerade']);
  return {
    family: 'inet',
    name: 'network',
    chains: {
      loopback: [
        'type filter hook prerouting priority -300',
        ...some(random, 0.5, 'iifname "br0" ip daddr 127.0.0.0/8 drop'),
        ...some(random, 0.1, 'ip saddr { 10.9.0.3, 10.8.0.0/24 } drop'),
      ],
      forward: [
        `type filter hook forward priority 0${random.chance(0.2) ? '; policy drop' : ''}`,
        ...some(random, 0.7, 'iifname "br0" oifname "br0" accept'),
        ...some(random, 0.7, 'oifname "br0" ct state established,related accept'),
        ...some(random, 0.7, 'oifname "br0" ct status dnat accept'),
        ...some(random, 0.3, 'ct state established accept'),
        ...some(random, 0.3, 'iifname "br0" accept'),
        ...some(random, 0.5, 'oifname "br0" drop'),
      ],
      input: [
        'type filter hook input priority 0',
        ...some(random, 0.2, `iifname "br0" ${random.pick(['udp', 'tcp'])} dport 80 drop`),
      ],
      postrouting: [
        'type nat hook postrouting priority 100',
        ...some(random, 0.8, out),
        ...some(random, 0.8, 'ip6 saddr fd09::/64 oifname != "br0" masquerade'),
        ...some(random, 0.7, 'ip saddr 127.0.0.0/8 oifname "br0" ct status dnat masquerade'),
        ...some(random, 0.7, 'ip saddr 10.9.0.0/24 oifname "br0" ct status dnat masquerade'),
      ],
    },
  };
}

function portsTable(random: Random): NftTable {
  const four = random.pick([
    'meta nfproto ipv4 fib daddr type local',
    'ip daddr 192.168.1.10',
    'fib daddr type local',
    'iifname "eth0"',
  ]);
  const six = random.pick(['meta nfproto ipv6 fib daddr type local', 'ip6 daddr fd00:1::10']);
  const rules = ['tcp', 'udp'].flatMap((protocol) => [
    ...some(random, 0.85, `${four} ${protocol} dport 8080 dnat ip to 10.9.0.2:80`),
    ...some(random, 0.85, `${six} ${protocol} dport { 8080, 8081 } dnat ip6 to [fd09::2]:80`),
  ]);
  return {
    family: 'inet',
    name: 'ports',
    chains: {
      prerouting: ['type nat hook prerouting priority -100', ...rules],
      ...(random.chance(0.8) && {
        output: ['type nat hook output priority -100', ...rules.filter((rule) => !rule.startsWith('iif'))],
      }),
    },
  };
}

function ingressTable(random: Random): NftTable {
  const [mac, ip] = [
    random.pick(['02:00:00:00:00:02', '02:00:00:00:00:02', '02:00:00:00:00:99']),
    random.pick(['10.9.0.2', '10.9.0.2', '10.9.0.9']),
  ];
  return {
    family: 'netdev',
    name: 'own',
    chains: {
      v1: [
        'type filter hook ingress device "v1" priority 0; policy drop',
        `ether saddr != ${mac} drop`,
        ...some(random, 0.95, `arp saddr ether ${mac} arp saddr ip ${ip} accept`),
        `ip saddr ${ip} accept`,
        'icmpv6 type { nd-router-advert, nd-redirect } drop',
        ...some(random, 0.5, `icmpv6 type nd-neighbor-advert @th,64,128 != 0xfd090000000000000000000000000002 drop`),
        ...some(random, 0.9, 'ip6 saddr { fd09::2, fe80::ff:fe00:2 } accept'),
      ],
    },
  };
}

/** All that is tried in a configuration, by TCP and by UDP. */
export const QUESTIONS: readonly Asked[] = MACHINES.flatMap((machine) => {
  const all = [
    ...['10.9.0.2', '10.9.0.3', '10.8.0.2', '10.9.0.1', '192.168.1.10', '203.0.113.7', '127.0.0.1'].map(
      (to) => [to, 80] as const,
    ),
    ...['10.9.0.1', '192.168.1.10', '127.0.0.1'].map((to) => [to, 8080] as const),
    ...['fd09::2', 'fd09::3', 'fd08::2', 'fd00:1::10', '2001:db8::7'].map((to) => [to, 80] as const),
    ...['fd00:1::10', 'fd09::1'].map((to) => [to, 8080] as const),
  ];
  return all.map(([to, port]) => ({ in: machine, to, port }));
});
