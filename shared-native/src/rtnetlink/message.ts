/**
 * A message of rtnetlink(7) as a value: what `ip` tells the kernel, under the names that the manual and strace have for
 * it. `encode` gives its bytes, `asIp` the command that would do the same.
 */
export interface Message {
  /** What is asked for: RTM_NEWLINK, RTM_NEWADDR … */
  readonly type: keyof typeof TYPES;
  /** NLM_F_* names, such as NLM_F_CREATE. */
  readonly flags: readonly (keyof typeof FLAGS)[];
  /** The fixed part: an ifinfomsg, ifaddrmsg, rtmsg or ndmsg, as the type has it. What is left out is 0. */
  readonly header: Readonly<Record<string, Value>>;
  readonly attributes: Attributes;
  /** The interface that an index in the header means, by name, for people. */
  readonly device?: string;
}

/** Attributes under their names in rtnetlink(7); one in another is an object. */
export interface Attributes {
  readonly [name: string]: Value | Uint8Array | Attributes;
}

/**
 * A number or text; an address, as text; or what is known only when the message is sent: the index of an interface, the
 * number of a process.
 */
export type Value = number | string | { readonly indexOf: string } | { readonly pid: true };

/** <linux/rtnetlink.h> */
export const TYPES = {
  RTM_NEWLINK: 16,
  RTM_DELLINK: 17,
  RTM_SETLINK: 19,
  RTM_NEWADDR: 20,
  RTM_DELADDR: 21,
  RTM_NEWROUTE: 24,
  RTM_DELROUTE: 25,
  RTM_NEWNEIGH: 28,
} as const;

/** <linux/netlink.h> */
export const FLAGS = {
  NLM_F_REQUEST: 0x1,
  NLM_F_ACK: 0x4,
  NLM_F_REPLACE: 0x100,
  NLM_F_EXCL: 0x200,
  NLM_F_CREATE: 0x400,
} as const;

/** The fields of the fixed part of a message, with their width in bytes. A name that begins with _ is padding. */
export type Layout = readonly (readonly [field: string, bytes: 1 | 2 | 4])[];

export const widthOf = (layout: Layout) => layout.reduce((sum, [, width]) => sum + width, 0);

const IFINFOMSG: Layout = [
  ['ifi_family', 1],
  ['_', 1],
  ['ifi_type', 2],
  ['ifi_index', 4],
  ['ifi_flags', 4],
  ['ifi_change', 4],
];
const IFADDRMSG: Layout = [
  ['ifa_family', 1],
  ['ifa_prefixlen', 1],
  ['ifa_flags', 1],
  ['ifa_scope', 1],
  ['ifa_index', 4],
];
const RTMSG: Layout = [
  ['rtm_family', 1],
  ['rtm_dst_len', 1],
  ['rtm_src_len', 1],
  ['rtm_tos', 1],
  ['rtm_table', 1],
  ['rtm_protocol', 1],
  ['rtm_scope', 1],
  ['rtm_type', 1],
  ['rtm_flags', 4],
];
const NDMSG: Layout = [
  ['ndm_family', 1],
  ['_', 1],
  ['_2', 2],
  ['ndm_ifindex', 4],
  ['ndm_state', 2],
  ['ndm_flags', 1],
  ['ndm_type', 1],
];

/** How an attribute's value is written, and its number among those it is with. */
export type Kind = 'u8' | 'u16' | 'u32' | 'text' | 'address' | 'mac' | { readonly [name: string]: Attribute };
export type Attribute = readonly [number: number, kind: Kind];

const PEER: Kind = {
  IFLA_IFNAME: [3, 'text'],
  IFLA_NET_NS_PID: [19, 'u32'],
  IFLA_MTU: [4, 'u32'],
  IFLA_ADDRESS: [1, 'mac'],
};

const LINK: Kind = {
  IFLA_ADDRESS: [1, 'mac'],
  IFLA_IFNAME: [3, 'text'],
  IFLA_MTU: [4, 'u32'],
  IFLA_MASTER: [10, 'u32'],
  IFLA_LINKINFO: [
    18,
    {
      IFLA_INFO_KIND: [1, 'text'],
      // An ifinfomsg comes first, and then the peer's attributes.
      IFLA_INFO_DATA: [2, { VETH_INFO_PEER: [1, PEER] }],
      IFLA_INFO_SLAVE_KIND: [4, 'text'],
      IFLA_INFO_SLAVE_DATA: [
        5,
        { IFLA_BRPORT_MODE: [4, 'u8'], IFLA_BRPORT_LEARNING: [8, 'u8'], IFLA_BRPORT_ISOLATED: [33, 'u8'] },
      ],
    },
  ],
  IFLA_NET_NS_PID: [19, 'u32'],
};

const ADDRESS: Kind = {
  IFA_ADDRESS: [1, 'address'],
  IFA_LOCAL: [2, 'address'],
  IFA_BROADCAST: [4, 'address'],
  IFA_FLAGS: [8, 'u32'],
};
const ROUTE: Kind = {
  RTA_DST: [1, 'address'],
  RTA_OIF: [4, 'u32'],
  RTA_GATEWAY: [5, 'address'],
  RTA_PRIORITY: [6, 'u32'],
};
const NEIGHBOUR: Kind = { NDA_DST: [1, 'address'], NDA_LLADDR: [2, 'mac'] };

/** What a message of each type is made of. */
export const PARTS: Readonly<Record<keyof typeof TYPES, readonly [layout: Layout, attributes: Exclude<Kind, string>]>> =
  {
    RTM_NEWLINK: [IFINFOMSG, LINK],
    RTM_DELLINK: [IFINFOMSG, LINK],
    RTM_SETLINK: [IFINFOMSG, LINK],
    RTM_NEWADDR: [IFADDRMSG, ADDRESS],
    RTM_DELADDR: [IFADDRMSG, ADDRESS],
    RTM_NEWROUTE: [RTMSG, ROUTE],
    RTM_DELROUTE: [RTMSG, ROUTE],
    RTM_NEWNEIGH: [NDMSG, NEIGHBOUR],
  };

/** The attribute that begins with an ifinfomsg of its own, which is given in it as any other attribute. */
export const WITH_HEADER = 'VETH_INFO_PEER';
export const PEER_LAYOUT = IFINFOMSG;
