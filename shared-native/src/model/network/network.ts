import { AF_INET } from '../../kernel/constants.ts';
import { fail } from '../errors.ts';
import type { Address, Link, NetworkNamespace, UserNamespace } from '../state.ts';
import { dropRoutes, routeTo } from './routes.ts';
import { covers, familyOf } from './subnet.ts';

/** A network namespace as unshare(2) makes one: with a loopback interface that is down. */
export function newNetwork(id: number, owner: UserNamespace): NetworkNamespace {
  const network: NetworkNamespace = {
    ...{ type: 'net', id, owner, links: new Map(), routes: [], neighbours: [], tables: [], settings: new Map() },
    nextIndex: 1,
  };
  addLink(network, { kind: 'loopback', name: 'lo', index: 1, mac: '00:00:00:00:00:00' });
  return network;
}

export interface NewLink {
  readonly kind: Link['kind'];
  readonly name: string;
  /** Chosen; otherwise the kernel counts. */
  readonly index?: number;
  readonly mac?: string | null;
}

/** Makes an interface, which is down. @throws EINVAL for a name that is none, EEXIST, EBUSY for an index that is taken */
export function addLink(network: NetworkNamespace, { kind, name, index, mac = null }: NewLink): Link {
  const named = freeName(network, name);
  if (index !== undefined && network.links.has(index)) fail('EBUSY');
  const link: Link = {
    ...{ kind, name: named, network, mac, index: index ?? nextIndex(network), up: false, master: null, peer: null },
    mtu: kind === 'loopback' ? 65_536 : USUAL_MTU,
    mtuChosen: false,
    port: { isolated: false, learning: true, hairpin: false },
    addresses: [],
  };
  network.links.set(link.index, link);
  return link;
}

function nextIndex(network: NetworkNamespace): number {
  let index = network.nextIndex;
  while (network.links.has(index)) index++;
  network.nextIndex = index + 1;
  return index;
}

/** A name that an interface may have here; of `veth%d`, the first that is free. @throws EINVAL, EEXIST */
export function freeName(network: NetworkNamespace, name: string): string {
  if (name === '' || name.length > 15 || name === '.' || name === '..' || /[/:\s]/.test(name)) fail('EINVAL');
  if (name.includes('%')) return numbered(network, name);
  return linkNamed(network, name) ? fail('EEXIST') : name;
}

function numbered(network: NetworkNamespace, name: string): string {
  if (!/^[^%]*%d[^%]*$/.test(name)) fail('EINVAL');
  let number = 0;
  while (linkNamed(network, name.replace('%d', String(number)))) number++;
  return name.replace('%d', String(number));
}

export function linkNamed({ links }: NetworkNamespace, name: string): Link | undefined {
  return [...links.values()].find((link) => link.name === name);
}

/** Removes an interface; both ends of a cable go, and a bridge lets go of its ports. */
export function removeLink(link: Link): void {
  for (const port of portsOf(link)) unplug(port);
  vanish(link);
  if (link.peer) vanish(link.peer);
}

function vanish(link: Link): void {
  switchOff(link);
  unplug(link);
  link.addresses.length = 0;
  link.network.links.delete(link.index);
}

/** Makes two interfaces the ends of one cable. */
export function join(near: Link, far: Link): void {
  near.peer = far;
  far.peer = near;
}

export function portsOf(bridge: Link): Link[] {
  return [...bridge.network.links.values()].filter(({ master }) => master === bridge);
}

const USUAL_MTU = 1500;
const MOST_PORTS = 1023;

/** Plugs an interface that is in no bridge into one. @throws EOPNOTSUPP, EINVAL, ELOOP, EXFULL */
export function plug(link: Link, bridge: Link): void {
  if (bridge.kind !== 'bridge') fail('EOPNOTSUPP');
  if (link.kind === 'loopback') fail('EINVAL');
  if (link.kind === 'bridge') fail('ELOOP');
  if (portsOf(bridge).length >= MOST_PORTS) fail('EXFULL');
  link.master = bridge;
  fitMtu(bridge);
}

/** A bridge carries what the least of its ports does, unless it was told otherwise. */
function fitMtu(bridge: Link): void {
  if (!bridge.mtuChosen) bridge.mtu = Math.min(USUAL_MTU, ...portsOf(bridge).map(({ mtu }) => mtu));
}

export function setMtu(link: Link, mtu: number): void {
  Object.assign(link, { mtu, mtuChosen: true });
  if (link.master) fitMtu(link.master);
}

export function unplug(link: Link): void {
  const { master } = link;
  link.master = null;
  if (master) fitMtu(master);
  Object.assign(link.port, { isolated: false, learning: true, hairpin: false });
}

/** Switches an interface on: its addresses make routes now; a loopback interface gets its usual addresses. */
export function switchOn(link: Link): void {
  if (link.up) return;
  link.up = true;
  if (link.kind === 'loopback') {
    for (const one of [LOOPBACK, LOOPBACK_6])
      if (!link.addresses.some(({ local }) => local === one.local)) link.addresses.push({ ...one });
  }
  for (const address of link.addresses) routeTo(link, address);
}

const LOOPBACK: Address = { local: '127.0.0.1', prefix: 8, scope: 254, broadcast: null, secondary: false };
const LOOPBACK_6: Address = { local: '::1', prefix: 128, scope: 254, broadcast: null, secondary: false };

/** Switches it off: its routes are lost, and its IPv6 addresses. */
export function switchOff(link: Link): void {
  if (!link.up) return;
  link.up = false;
  dropRoutes(link, () => true);
  const kept = link.addresses.filter(({ local }) => familyOf(local) === AF_INET);
  link.addresses.splice(0, link.addresses.length, ...kept);
}

/** Moves an interface to another namespace, where it is as if it were new. @throws EINVAL for lo and a bridge, EEXIST */
export function moveLink(link: Link, network: NetworkNamespace, name = link.name): void {
  if (network === link.network) return;
  if (link.kind !== 'veth') fail('EINVAL');
  if (linkNamed(network, name)) fail('EEXIST');
  vanish(link);
  const index = network.links.has(link.index) ? nextIndex(network) : link.index;
  Object.assign(link, { network, index, name });
  network.links.set(index, link);
}

/** The interface that an address belongs to, in this namespace; a loopback interface has the whole of its subnets. */
export function holderOf({ links }: NetworkNamespace, address: string): Link | undefined {
  return [...links.values()].find((link) =>
    link.addresses.some(({ local, prefix }) =>
      link.kind === 'loopback' && familyOf(local) === AF_INET ? covers(local, prefix, address) : local === address,
    ),
  );
}
