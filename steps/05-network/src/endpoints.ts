import type { Device } from 'shared-native';
import { shortHash, state } from 'step-04';
import { takeAddresses } from './addresses.ts';
import { interfacesOf } from './bridge-options.ts';
import { lease } from './lease.ts';
import { macOf } from './mac.ts';
import {
  type Address,
  DEFAULT_NETWORK,
  type Endpoint,
  IFNAME,
  type Network,
  STANDS_ALONE,
  type Wanted,
} from './network.ts';
import { defaultNetwork, existing, plannedDefault } from './networks.ts';
import { assertSubnets, usable } from './usable.ts';

/** What it takes to be on a network: the network, and addresses there. */
type Join = (wanted: Wanted) => readonly [Network, readonly Address[]];

/** A container's endpoints, with addresses that are its own from now on. @throws {Error} as `lease` does */
export function leasedEndpoints(container: string, wanted: readonly Wanted[]): Endpoint[] {
  return endpoints(container, wanted, (one) => {
    const find = () => usable(one.network === DEFAULT_NETWORK ? defaultNetwork() : existing(one.network));
    assertSubnets(find(), one);
    return lease(find, one);
  });
}

/** The same for a plan that isn't carried out: with the addresses that the first container would get. */
export function plannedEndpoints(container: string, wanted: readonly Wanted[], bridge?: Network): Endpoint[] {
  return endpoints(container, wanted, (one) => {
    const network = one.network === DEFAULT_NETWORK ? (bridge ?? plannedDefault()) : existing(one.network);
    assertSubnets(network, one);
    return [network, takeAddresses(network, one, () => true)];
  });
}

/**
 * One more endpoint of a container that has others, on the first interface that is free. It doesn't have the default route;
 * `withDefault` says which does.
 */
export function anotherEndpoint(container: string, wanted: Wanted, others: readonly Endpoint[]): Endpoint[] {
  const isFree = (nth: number) => !others.some(({ device }) => device.index === FIRST_INDEX + nth);
  const nth = Array.from({ length: others.length + 1 }, (_, at) => at).find(isFree) ?? others.length;
  const taken = others.map(({ device }) => device.name);
  return leasedEndpoints(container, [wanted]).map((one) => ({
    ...one,
    device: { name: nameOf(one.network, wanted, taken), index: FIRST_INDEX + nth },
    isDefault: false,
  }));
}

/** A container's endpoints with the default route where docker has it. @param wanted - what was asked for of each */
export function withDefault(endpoints: readonly Endpoint[], wanted: readonly Wanted[]): Endpoint[] {
  const asked = (network: string) => wanted.find((one) => one.network === network) ?? { network, aliases: [] };
  const gateway = defaultOf(
    endpoints.filter(({ network }) => !network.internal).map(({ network }) => [asked(network.name), network]),
  );
  return endpoints.map((one) => ({ ...one, isDefault: one.network.name === gateway }));
}

function endpoints(container: string, wanted: readonly Wanted[], join: Join): Endpoint[] {
  const joined = wanted.filter(({ network }) => !STANDS_ALONE.test(network)).map((one) => [one, ...join(one)] as const);
  const gateway = defaultOf(joined.filter(([, network]) => !network.internal));
  const chosen = wanted.flatMap(({ driverOpts }) => driverOpts?.[IFNAME] ?? []);
  const names: string[] = [];
  for (const [one, network] of joined) names.push(nameOf(network, one, [...chosen, ...names]));
  return joined.map(([one, network, addresses], nth) => ({
    network,
    device: { name: names[nth] as string, index: FIRST_INDEX + nth },
    veth: vethOf(`${state().name}/${container}/${network.name}`),
    mac: one.mac ?? macOf(addresses.map(({ address }) => address)),
    addresses,
    names: network.name === DEFAULT_NETWORK ? [] : [container, ...one.aliases],
    ...(one.linkLocalIps && { linkLocalIps: one.linkLocalIps }),
    ...(one.links && { links: one.links }),
    isDefault: one.network === gateway,
  }));
}

/**
 * A new network namespace has lo, and up to nine interfaces of drivers that put one in each (tunl0, sit0, gre0 …). The
 * numbers of ours come after them.
 */
const FIRST_INDEX = 16;

/** What an interface is called: as was asked for, or by its network and the first number that makes it another than those. */
function nameOf(network: Network, { driverOpts = {} }: Wanted, others: readonly string[]): string {
  const numbered = (nth: number) => `${interfacesOf(network)}${nth}`;
  let nth = 0;
  while (others.includes(numbered(nth))) nth++;
  return driverOpts[IFNAME] ?? numbered(nth);
}

/** The host's end of a cable that no other has. The kernel counts its own numbers from below, and gets nowhere near. */
function vethOf(cable: string): Device {
  const hash = shortHash(cable);
  return { name: `veth${hash}`, index: 2 ** 30 + (Number.parseInt(hash, 36) % 2 ** 30) };
}

/** Of several networks, docker takes the one with the highest priority for all that is elsewhere; then the first by name. */
function defaultOf(joined: readonly (readonly [Wanted, Network, ...unknown[]])[]): string | undefined {
  const order = joined
    .map(([wanted]) => wanted)
    .sort((one, other) => (other.gwPriority ?? 0) - (one.gwPriority ?? 0) || (one.network < other.network ? -1 : 1));
  return order[0]?.network;
}
