import {
  AF_INET,
  AF_INET6,
  type Attributes,
  type Call,
  defaultRoute,
  delLink,
  IFF_UP,
  linkUp,
  type Message,
  MSG_DONTWAIT,
  newAddress,
  newBridge,
  recvfrom,
  sendto,
} from '../../../src/index.ts';
import type { Random } from '../random.ts';

/** The sockets of the scene: of the network namespace that the process was born into, and of the one that it is in now. */
const SOCKETS = [4, 4, 4, 5, 5];
const NAMES = ['br0', 'br0', 'v1', 'v2', 'eth0', 'lo'];
const ODD_NAMES = ['nosuch', 'a-name-of-16-byt', 'no/name', '.', 'x%d', 'br0'];
const INDEXES = [1, 2, 2, 3, 3, 4, 5, 6];
const FOUR = ['10.9.0.1', '10.9.0.2', '10.9.0.3', '10.9.1.1', '192.168.7.5', '10.8.0.1'];
const SIX = ['fd09::1', 'fd09::2', 'fd09:1::1', 'fd08::1'];
const MACS = ['02:00:00:00:00:09', '02:42:0a:09:00:02', '01:00:00:00:00:01'];

/** Interfaces, addresses and routes, as messages of rtnetlink. */
export const networks: readonly ((random: Random) => Call[])[] = [
  (random) => told(random, linkUp(random.pick(NAMES))),
  (random) => told(random, linkUp(random.pick(NAMES))),
  (random) => told(random, { ...linkUp(random.pick(NAMES)), header: { ifi_change: IFF_UP } }),
  (random) => told(random, newBridge(random.pick(['br0', 'br1', ...ODD_NAMES]))),
  (random) => told(random, veth(random)),
  (random) => told(random, veth(random)),
  (random) => told(random, veth(random)),
  (random) => told(random, delLink(random.pick([...NAMES, 'nosuch', 'a-name-of-16-byt']))),
  (random) => told(random, change(random)),
  (random) => told(random, change(random)),
  (random) => told(random, port(random)),
  (random) => told(random, address(random)),
  (random) => told(random, address(random)),
  (random) => told(random, address(random)),
  (random) => told(random, route(random)),
  (random) => told(random, route(random)),
  (random) => told(random, gone(random)),
  (random) => [recvfrom(random.pick([...SOCKETS, 3, 77]), new Uint8Array(1024), MSG_DONTWAIT)],
  (random) => usual(random),
  (random) => usual(random),
];

function told(random: Random, message: Message, socket = random.pick(SOCKETS)): Call[] {
  const flags = random.chance(0.1) ? [...message.flags, 'NLM_F_ACK' as const] : message.flags;
  return [sendto(socket, { ...message, flags }), recvfrom(socket, new Uint8Array(1024), MSG_DONTWAIT)];
}

/** What a container's network takes: a bridge with an address, a cable into the other namespace, and its own end. */
function usual(random: Random): Call[] {
  const eth0 = { name: 'eth0', index: random.pick([2, 2, 3]) };
  const cable = veth(random, { name: 'v1', master: 2, far: 'eth0', index: eth0.index, pid: 1 });
  return [
    ...told(random, newBridge('br0'), 4),
    ...told(random, linkUp('br0'), 4),
    ...told(random, newAddress({ name: 'br0', index: 2 }, '10.9.0.1', 24), 4),
    ...told(random, cable, 4),
    ...told(random, linkUp('eth0'), 5),
    ...told(random, newAddress(eth0, random.pick(['10.9.0.2', 'fd09::2']), random.pick([24, 24, 32])), 5),
    ...(random.chance(0.7) ? told(random, defaultRoute(random.pick(['10.9.0.1', 'fd09::1']), eth0), 5) : []),
  ];
}

interface Cable {
  readonly name: string;
  readonly master: number;
  readonly far: string;
  readonly index: number;
  readonly pid: number;
}

function veth(random: Random, fixed?: Cable): Message {
  const { name, master, far, index, pid } = fixed ?? {
    name: random.pick([...NAMES, ...ODD_NAMES]),
    master: random.pick([0, 0, 2, 2, 2, 3, 9]),
    far: random.pick(['v2', 'eth0', 'eth0', ...ODD_NAMES]),
    index: random.pick([0, 0, 2, 3, 7]),
    pid: random.pick([0, 0, 1, 1, 1, 77]),
  };
  const up = random.pick([0, IFF_UP, IFF_UP]);
  return {
    type: 'RTM_NEWLINK',
    flags: random.pick([['NLM_F_CREATE', 'NLM_F_EXCL'] as const, ['NLM_F_CREATE'] as const, [] as const]),
    header: { ifi_flags: up, ifi_change: up, ifi_index: random.pick([0, 0, 0, 6]) },
    attributes: {
      ...(random.chance(0.95) && { IFLA_IFNAME: name }),
      ...(master !== 0 && { IFLA_MASTER: master }),
      ...(random.chance(0.1) && { IFLA_MTU: 1400 }),
      IFLA_LINKINFO: {
        IFLA_INFO_KIND: random.chance(0.97) ? 'veth' : 'nosuch',
        ...(random.chance(0.97) && {
          IFLA_INFO_DATA: {
            VETH_INFO_PEER: {
              header: { ifi_index: index, ...(random.chance(0.2) && { ifi_flags: IFF_UP, ifi_change: IFF_UP }) },
              ...(random.chance(0.95) && { IFLA_IFNAME: far }),
              ...(random.chance(0.3) && { IFLA_ADDRESS: random.pick(MACS) }),
              ...(pid !== 0 && { IFLA_NET_NS_PID: pid }),
            } as unknown as Attributes,
          },
        }),
      },
    },
  };
}

/** Changes an interface that is there, perhaps. */
function change(random: Random): Message {
  const byIndex = random.chance(0.3);
  return {
    type: random.pick(['RTM_SETLINK', 'RTM_NEWLINK']),
    flags: random.pick([[], [], [], ['NLM_F_REPLACE'], ['NLM_F_EXCL']] as const),
    header: {
      ...(byIndex && { ifi_index: random.pick(INDEXES) }),
      ...(random.chance(0.5) && { ifi_flags: random.pick([0, IFF_UP]), ifi_change: random.pick([0, IFF_UP]) }),
    },
    attributes: {
      ...(byIndex ? random.chance(0.2) && { IFLA_IFNAME: random.pick(['new', ...ODD_NAMES]) } : named(random)),
      ...(random.chance(0.5) && { IFLA_MASTER: random.pick([0, 1, 2, 2, 2, 3, 9]) }),
      ...(random.chance(0.2) && { IFLA_ADDRESS: random.pick(MACS) }),
      ...(random.chance(0.1) && { IFLA_MTU: 1400 }),
      ...(random.chance(0.2) && { IFLA_NET_NS_PID: random.pick([1, 1, 77]) }),
    },
  };
}

const named = (random: Random) => random.chance(0.95) && { IFLA_IFNAME: random.pick(NAMES) };

/** Says how a port of a bridge behaves. */
function port(random: Random): Message {
  return {
    type: 'RTM_NEWLINK',
    flags: [],
    header: {},
    attributes: {
      IFLA_IFNAME: random.pick(NAMES),
      IFLA_LINKINFO: {
        IFLA_INFO_SLAVE_KIND: 'bridge',
        IFLA_INFO_SLAVE_DATA: {
          ...(random.chance(0.5) && { IFLA_BRPORT_ISOLATED: random.below(2) }),
          ...(random.chance(0.5) && { IFLA_BRPORT_MODE: random.below(2) }),
        },
      },
    },
  };
}

function address(random: Random): Message {
  const isSix = random.chance(0.3);
  const address = random.pick(isSix ? SIX : FOUR);
  const base = newAddress(
    { name: 'x', index: random.pick(INDEXES) },
    address,
    random.pick(isSix ? [64, 64, 128, 129] : [24, 24, 24, 16, 32, 33]),
  );
  const isGone = random.chance(0.2);
  return {
    ...base,
    type: isGone ? 'RTM_DELADDR' : 'RTM_NEWADDR',
    flags: isGone ? [] : random.pick([base.flags, ['NLM_F_CREATE', 'NLM_F_EXCL'], ['NLM_F_CREATE'], []] as const),
    attributes: random.chance(0.95) ? base.attributes : {},
  };
}

function route(random: Random): Message {
  const isSix = random.chance(0.3);
  const [gateways, destinations, lengths] = isSix
    ? [SIX, ['fd77::', 'fd09::', 'fd77::1'], [64, 128, 0]]
    : [FOUR, ['10.77.0.0', '10.9.0.0', '10.77.0.1'], [24, 24, 16, 32, 33]];
  const isDefault = random.chance(0.5);
  return {
    type: 'RTM_NEWROUTE',
    flags: isSix
      ? ['NLM_F_CREATE', 'NLM_F_EXCL']
      : random.pick([['NLM_F_CREATE', 'NLM_F_EXCL'], ['NLM_F_CREATE'], ['NLM_F_CREATE', 'NLM_F_REPLACE'], []] as const),
    header: {
      rtm_family: isSix ? AF_INET6 : AF_INET,
      rtm_dst_len: isDefault ? 0 : random.pick(lengths),
      rtm_table: random.pick([0, 254]),
      rtm_protocol: random.pick([3, 3, 4]),
      rtm_scope: isSix ? 0 : random.pick([0, 0, 0, 253]),
      rtm_type: 1,
    },
    attributes: {
      ...(!isDefault && { RTA_DST: random.pick(destinations) }),
      ...(random.chance(0.8) && { RTA_GATEWAY: random.pick(gateways) }),
      ...(random.chance(0.7) && { RTA_OIF: random.pick(INDEXES) }),
      ...(random.chance(0.1) && { RTA_PRIORITY: random.pick([100, 200]) }),
    },
  };
}

/** Removes a route. */
function gone(random: Random): Message {
  const { header, attributes, ...rest } = route(random);
  return {
    ...rest,
    type: 'RTM_DELROUTE',
    flags: [],
    header: {
      ...header,
      rtm_protocol: random.pick([0, 3]),
      rtm_type: random.pick([0, 1]),
      rtm_scope: random.pick([0, 253, 255]),
    },
    attributes: random.chance(0.5) ? attributes : withoutGateway(attributes),
  };
}

function withoutGateway({ RTA_GATEWAY: _, ...rest }: Attributes): Attributes {
  return rest;
}
