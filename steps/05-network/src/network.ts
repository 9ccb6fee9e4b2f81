import type { Device } from 'shared-native';

/** A network as `network create` makes it: a bridge, and the addresses of whatever is plugged into it. */
export interface Network {
  readonly name: string;
  readonly driver: 'bridge';
  /** The bridge's interface on the host: at most 15 characters, unlike any other network's, of any root. */
  readonly bridge: string;
  /** One of IPv4, one of IPv6, or both, in this order. */
  readonly subnets: readonly Subnet[];
  /** Is nothing to be reached from it but the network itself? */
  readonly internal: boolean;
  /** Of `--attachable` and `--ipam-opt`: kept and shown. */
  readonly attachable?: boolean;
  readonly ipamOptions?: Readonly<Record<string, string>>;
  /** When it was made, as Date's toISOString has it. */
  readonly created: string;
  /** Of `--opt`: those of docker's bridge say how this one is made, and all are kept and shown. */
  readonly options: Readonly<Record<string, string>>;
  /** Of `--label`: kept and shown. */
  readonly labels: Readonly<Record<string, string>>;
}

/** The addresses of a network: `172.18.0.0/16`. */
export interface Subnet {
  /** Its first address, and the length of its prefix. */
  readonly cidr: string;
  /** The host's address in it, that of the bridge: what containers send to that isn't in their subnet. */
  readonly gateway: string;
  /** Where addresses that nobody chose come from; all of the subnet unless given. */
  readonly ipRange?: string;
  /** Of `--aux-address`, by name: addresses that no container gets. */
  readonly auxiliary?: Readonly<Record<string, string>>;
}

/** What `--network` asks for: which network, and who the container is to be there. */
export interface Wanted {
  /** A network's name. `none`, `host` and `container:NAME` stand alone. */
  readonly network: string;
  /** Further names that the other containers of the network find it by. */
  readonly aliases: readonly string[];
  readonly ip?: string;
  readonly ip6?: string;
  readonly mac?: string;
  /** Of several networks, the one with the highest gives the default route. */
  readonly gwPriority?: number;
  /** Further addresses of its interface, which lead no farther than the bridge: 169.254.0.0/16, or fe80::/10. */
  readonly linkLocalIps?: readonly string[];
  /** Of `--link`, in the capstone: further names, in this container alone, of others on the network: `NAME:ALIAS`. */
  readonly links?: readonly string[];
  /** Of `driver-opt`: what its interface is called. Docker's other options are refused; those of others are ignored, as by docker. */
  readonly driverOpts?: Readonly<Record<string, string>>;
}

/** A container's end of a cable: what it is on one network. */
export interface Endpoint {
  readonly network: Network;
  /** Its interface in the container: eth0, eth1 … */
  readonly device: Device;
  /** The other end of the cable, an interface of the host's. */
  readonly veth: Device;
  readonly mac: string;
  /** One for each subnet of the network. */
  readonly addresses: readonly Address[];
  /** What the other containers of the network find it by: its name first. None on the default network. */
  readonly names: readonly string[];
  readonly linkLocalIps?: readonly string[];
  readonly links?: readonly string[];
  /** Does it have the default route? */
  readonly isDefault: boolean;
}

/** An address in a subnet. */
export interface Address {
  readonly address: string;
  /** The length of the subnet's prefix. */
  readonly prefix: number;
  /** The host's address there. */
  readonly gateway: string;
}

export type Protocol = 'tcp' | 'udp' | 'sctp';

/** One port of the container's that the host answers for: `-p`. */
export interface PublishedPort {
  /** The host's address; empty for all of them, of IPv4 and of IPv6. */
  readonly hostIp: string;
  /** undefined as long as none was chosen: any that is free. */
  readonly hostPort: number | undefined;
  /** The first and the last of those of which a free one is to be chosen. */
  readonly hostPorts?: readonly [first: number, last: number];
  readonly containerPort: number;
  readonly protocol: Protocol;
}

/** The option of `driver-opt` that names a container's interface. */
export const IFNAME = 'com.docker.network.endpoint.ifname';

/** The network of a container that names none. */
export const DEFAULT_NETWORK = 'bridge';

/** What `--network` can ask for besides a network. */
export const STANDS_ALONE = /^(none|host|container:.*)$/s;

/** What a network may be called. */
export const NETWORK_NAME = /^[a-zA-Z0-9][\w.-]*$/;
