import { delLink, linkUp, newAddress, newBridge, request } from 'shared-native';
import { type Action, type Deed, newDeed } from 'step-04';
import { dropTables, makeSharedTable, setVariable, tellKernel, unlessGone } from './deeds.ts';
import { release, whileUnused } from './lease.ts';
import { chosenMac, isAnothers, macOfBridge } from './mac.ts';
import type { Address, Endpoint, Network } from './network.ts';
import { networkTable } from './rules.ts';
import { block } from './subnet.ts';
import { removing } from './tables.ts';

// #region as long as somebody is there
/**
 * Brings a network up in the kernel: its bridge, whose address is the containers' gateway, and its rules. The first container
 * makes them, the others find them, and the last one to leave removes them.
 */
export function bringUp({ network, addresses }: Endpoint): Action {
  const { name, bridge, subnets } = network;
  return {
    what: `network ${name}, unless it is up already`,
    when: 'before',
    do: [
      ...forwarding(network).map(({ path }) => setVariable({ path, value: '1' })),
      tellKernel(newBridge(bridge, macOfBridge(network))),
      ...(isSix(network) ? [setVariable({ path: `/proc/sys/net/ipv6/conf/${bridge}/accept_dad`, value: '0' })] : []),
      ...asksOften(network),
      ...subnets.map(({ cidr, gateway }) => tellKernel(newAddress(bridge, gateway, block(cidr).prefix))),
      makeSharedTable(networkTable(network)),
      tellKernel(linkUp(bridge)),
    ],
    undo: [leave({ network: name, bridge, mac: chosenMac(network), addresses })],
  };
}

/** What a container has of a network while it's on it. */
interface Stay {
  readonly network: string;
  readonly bridge: string;
  /** Its bridge's, if its name was chosen. */
  readonly mac?: string | undefined;
  readonly addresses: readonly Address[];
}

/** Gives the addresses back, and removes the network from the kernel if nobody else uses it. */
const leave = newDeed<Stay>('leave-network', {
  asShell: ({ bridge }) =>
    `ip link del ${bridge}; nft '${removing([{ family: 'inet', name: bridge }])}'  # the last one to leave`,
  carryOut({ network, bridge, mac, addresses }) {
    release(addresses);
    whileUnused(network, () => takeDown(bridge, mac));
  },
});

/** Removes a network from the kernel. Call it only while nobody uses the network. */
export function takeDown(bridge: string, mac?: string): void {
  if (isAnothers(bridge, mac)) return;
  unlessGone(() => request(delLink(bridge)));
  dropTables([{ family: 'inet', name: bridge }]);
}
// #endregion

/**
 * Does it use IPv6? Then its bridge skips the second of checking for duplicates of its link-local address, during which the
 * host couldn't resolve any container's address. The link-local address comes from a MAC address that nobody else has.
 */
function isSix({ subnets }: Network): boolean {
  return subnets.some(({ cidr }) => cidr.includes(':'));
}

/**
 * A published port leads to the container before it has set up its end of the cable. The kernel keeps the first packet, and
 * asks on the bridge who has the address: three times, a second apart. So a client that connected too early would wait for
 * a second. This asks for as long, but more often: arp(7).
 */
function asksOften({ bridge, subnets }: Network): Deed[] {
  const versions = new Set(subnets.map(({ cidr }) => (cidr.includes(':') ? 'ipv6' : 'ipv4')));
  return [...versions].flatMap((version) => {
    const its = `/proc/sys/net/${version}/neigh/${bridge}`;
    return [
      setVariable({ path: `${its}/retrans_time_ms`, value: '40', isWish: true }),
      setVariable({ path: `${its}/mcast_solicit`, value: '75', isWish: true }),
    ];
  });
}

/** The variables that make the host forward packets. They apply to the whole host, and stay set. */
export function forwarding({ subnets, internal }: Network): { path: string; name: string }[] {
  const families = new Set(
    subnets.map(({ cidr }) => (cidr.includes(':') ? 'ipv6.conf.all.forwarding' : 'ipv4.ip_forward')),
  );
  return internal ? [] : [...families].map((name) => ({ name, path: `/proc/sys/net/${name.replaceAll('.', '/')}` }));
}
