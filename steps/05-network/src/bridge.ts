import { delLink, linkUp, newAddress, newBridge, nft, request } from 'shared-native';
import { type Action, newDeed } from 'step-04';
import { makeSharedTable, setVariable, tellKernel, unlessGone } from './deeds.ts';
import { macOf } from './endpoints.ts';
import { release, whileUnused } from './lease.ts';
import type { Address, Endpoint, Network } from './network.ts';
import { networkTable } from './rules.ts';
import { block } from './subnet.ts';
import { removing } from './tables.ts';

// #region as long as somebody is there
/**
 * A network in the kernel: its bridge, with the address that is the containers' gateway, and its rules. The first container
 * makes it, the others find it, and the last one that leaves removes it.
 */
export function bringUp({ network, addresses }: Endpoint): Action {
  const { name, bridge, subnets } = network;
  return {
    what: `network ${name}, unless it is up already`,
    when: 'before',
    do: [
      ...forwarding(network).map(({ path }) => setVariable({ path, value: '1' })),
      tellKernel(newBridge(bridge, macOf(subnets.map(({ gateway }) => gateway)))),
      ...(isSix(network) ? [setVariable({ path: `/proc/sys/net/ipv6/conf/${bridge}/accept_dad`, value: '0' })] : []),
      ...subnets.map(({ cidr, gateway }) => tellKernel(newAddress(bridge, gateway, block(cidr).prefix))),
      makeSharedTable(networkTable(network)),
      tellKernel(linkUp(bridge)),
    ],
    undo: [leave({ network: name, bridge, addresses })],
  };
}

/** What a container has of a network while it's on it. */
interface Stay {
  readonly network: string;
  readonly bridge: string;
  readonly addresses: readonly Address[];
}

/** Gives the addresses back, and removes the network from the kernel if nobody else uses it. */
const leave = newDeed<Stay>('leave-network', {
  asShell: ({ bridge }) =>
    `ip link del ${bridge}; nft '${removing([{ family: 'inet', name: bridge }])}'  # the last one to leave`,
  carryOut({ network, bridge, addresses }) {
    release(network, addresses);
    whileUnused(network, () => takeDown(bridge));
  },
});

/** Removes a network from the kernel: to be called while nobody uses it. */
export function takeDown(bridge: string): void {
  unlessGone(() => request(delLink(bridge)));
  nft(removing([{ family: 'inet', name: bridge }]));
}
// #endregion

/**
 * Has it IPv6? Then its bridge doesn't ask for a second whether anybody has its link-local address, which is made of a MAC
 * address that is nobody else's: for as long, the host could ask no container for its address.
 */
function isSix({ subnets }: Network): boolean {
  return subnets.some(({ cidr }) => cidr.includes(':'));
}

/** The variables that make the host pass on what comes in by one interface and is for another. They are the whole host's, and stay. */
export function forwarding({ subnets, internal }: Network): { path: string; name: string }[] {
  const families = new Set(
    subnets.map(({ cidr }) => (cidr.includes(':') ? 'ipv6.conf.all.forwarding' : 'ipv4.ip_forward')),
  );
  return internal ? [] : [...families].map((name) => ({ name, path: `/proc/sys/net/${name.replaceAll('.', '/')}` }));
}
