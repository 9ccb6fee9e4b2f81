import { AF_INET, AF_INET6, IFF_UP } from '../kernel/constants.ts';
import type { Attributes, Message, Value } from './message.ts';

/** An interface whose index is known: 1 is lo in every network namespace, others can be chosen when they are made. */
export interface Device {
  readonly name: string;
  readonly index: number;
}

/** Switches an interface on: `ip link set NAME up`. */
export function linkUp(name: string): Message {
  return {
    type: 'RTM_NEWLINK',
    flags: [],
    header: { ifi_flags: IFF_UP, ifi_change: IFF_UP },
    attributes: { IFLA_IFNAME: name },
  };
}

/**
 * Makes a bridge, unless there is one: `ip link add NAME type bridge`.
 *
 * @param mac - its address; without one it takes the lowest of its ports', and changes it as they come and go
 */
export function newBridge(name: string, mac?: string): Message {
  return {
    type: 'RTM_NEWLINK',
    flags: ['NLM_F_CREATE'],
    header: {},
    attributes: {
      IFLA_IFNAME: name,
      ...(mac !== undefined && { IFLA_ADDRESS: mac }),
      IFLA_LINKINFO: { IFLA_INFO_KIND: 'bridge' },
    },
  };
}

/** The other end of a cable, in the network namespace of another process. */
export interface Peer extends Device {
  readonly pid: Value;
  readonly mac?: string;
  /** The longest packet, in bytes, of both ends; the kernel's 1500 unless given. */
  readonly mtu?: number | undefined;
}

/**
 * Makes a cable with two ends, the near one plugged into a bridge, the far one in another network namespace. The far
 * end's index is chosen, so that nobody there has to look it up. The kernel heeds it only if the near end's is chosen, too.
 */
export function newVeth(near: Device, bridge: string, { name: far, index, pid, mac, mtu }: Peer): Message {
  const IFLA_MTU = mtu === undefined ? {} : { IFLA_MTU: mtu };
  return {
    type: 'RTM_NEWLINK',
    flags: ['NLM_F_CREATE', 'NLM_F_EXCL'],
    header: { ifi_index: near.index, ifi_flags: IFF_UP, ifi_change: IFF_UP },
    attributes: {
      IFLA_IFNAME: near.name,
      ...IFLA_MTU,
      IFLA_MASTER: { indexOf: bridge },
      IFLA_LINKINFO: {
        IFLA_INFO_KIND: 'veth',
        IFLA_INFO_DATA: {
          VETH_INFO_PEER: {
            header: { ifi_index: index },
            IFLA_IFNAME: far,
            ...(mac !== undefined && { IFLA_ADDRESS: mac }),
            ...IFLA_MTU,
            IFLA_NET_NS_PID: pid,
          },
        },
      } as Attributes,
    },
  };
}

/**
 * Lets a bridge send a packet back to where it came from, `ip link set NAME type bridge_slave hairpin on`. Where a bridge's
 * packets are translated (bridge-nf-call-iptables), a container needs that to reach its own published port.
 *
 * @param name - an interface that is plugged into a bridge
 */
export function hairpin(name: string): Message {
  return bridgePort(name, { IFLA_BRPORT_MODE: 1 });
}

/**
 * Keeps a bridge from sending what comes from here to others that are isolated, `ip link set NAME type bridge_slave isolated on`.
 *
 * @param name - an interface that is plugged into a bridge
 */
export function isolated(name: string): Message {
  return bridgePort(name, { IFLA_BRPORT_ISOLATED: 1 });
}

function bridgePort(name: string, data: Attributes): Message {
  const IFLA_LINKINFO = { IFLA_INFO_SLAVE_KIND: 'bridge', IFLA_INFO_SLAVE_DATA: data };
  return { type: 'RTM_NEWLINK', flags: [], header: {}, attributes: { IFLA_IFNAME: name, IFLA_LINKINFO } };
}

/** Removes an interface; both ends of a cable go at once: `ip link del NAME`. */
export function delLink(name: string): Message {
  return { type: 'RTM_DELLINK', flags: [], header: {}, attributes: { IFLA_IFNAME: name } };
}

/** Gives an interface an address with the length of its subnet's prefix: `ip addr add ADDRESS/LENGTH dev NAME`. */
export function newAddress(device: Device | string, address: string, prefix: number): Message {
  const [name, index] = typeof device === 'string' ? [device, { indexOf: device }] : [device.name, device.index];
  const isIpv6 = address.includes(':');
  return {
    type: 'RTM_NEWADDR',
    flags: ['NLM_F_CREATE', 'NLM_F_REPLACE'],
    header: { ifa_family: isIpv6 ? AF_INET6 : AF_INET, ifa_prefixlen: prefix, ifa_index: index },
    // An IPv6 address is not used until the kernel has asked whether it's taken, which it need not: leases are ours.
    attributes: { IFA_LOCAL: address, IFA_ADDRESS: address, ...(isIpv6 && { IFA_FLAGS: IFA_F_NODAD }) },
    device: name,
  };
}

/** Sends all that has no nearer way to a gateway: `ip route add default via GATEWAY dev NAME`. */
export function defaultRoute(gateway: string, { name, index }: Device): Message {
  return {
    type: 'RTM_NEWROUTE',
    flags: ['NLM_F_CREATE', 'NLM_F_EXCL'],
    header: {
      rtm_family: gateway.includes(':') ? AF_INET6 : AF_INET,
      rtm_table: RT_TABLE_MAIN,
      rtm_protocol: RTPROT_BOOT,
      rtm_type: RTN_UNICAST,
    },
    attributes: { RTA_GATEWAY: gateway, RTA_OIF: index },
    device: name,
  };
}

/** The same in place of another default route, if there is one: `ip route replace default via GATEWAY dev NAME`. */
export function replaceDefaultRoute(gateway: string, device: Device): Message {
  return { ...defaultRoute(gateway, device), flags: ['NLM_F_CREATE', 'NLM_F_REPLACE'] };
}

// <linux/rtnetlink.h>, <linux/if_addr.h>
const RT_TABLE_MAIN = 254;
const RTPROT_BOOT = 3;
const RTN_UNICAST = 1;
const IFA_F_NODAD = 0x02;
