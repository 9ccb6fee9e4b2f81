import { AF_INET } from '../../../kernel/constants.ts';
import type { Link } from '../../state.ts';
import { holderOf, portsOf } from '../network.ts';
import type { Seen } from '../nft/rule.ts';
import { covers, familyOf } from '../subnet.ts';
import { isOn } from '../sysctls.ts';
import { passes } from './hooks.ts';

/** An interface that a frame can get to, and the ends of cables by which it comes into other machines on its way. */
interface Reached {
  readonly link: Link;
  readonly by: readonly Link[];
}

/** What a frame says, besides which interface it comes from. */
export type Frame = Omit<Seen, 'iif' | 'oif' | 'mac'>;

/** The MAC address of an interface; one that the kernel chose is like no other. */
export function macOf({ mac, index, network }: Link): string {
  return mac ?? `chosen for ${index} in ${network.id}`;
}

/**
 * The neighbour that answers for an address: who has it is asked over the cables and bridges that an interface leads to.
 * Question and answer may be dropped on the way.
 */
export function neighbourWith(link: Link, address: string, asking: string): Link | undefined {
  const known = link.network.neighbours.find((one) => one.link === link && one.address === address);
  const all = reachable(link);
  if (known) return all.find((one) => macOf(one.link) === known.mac)?.link;
  return all.find(
    (one) =>
      answersFor(one.link, address) &&
      gets(link, one, neighbourFrame(link, asking, address, 'nd-neighbor-solicit')) &&
      reachable(one.link).some(
        (back) =>
          back.link === link && gets(one.link, back, neighbourFrame(one.link, address, address, 'nd-neighbor-advert')),
      ),
  )?.link;
}

/** Does a frame get from one interface to another? */
export function arrivesAt(from: Link, to: Link, frame: Frame): boolean {
  return reachable(from).some((one) => one.link === to && gets(from, one, frame));
}

function gets(from: Link, { by }: Reached, frame: Frame): boolean {
  return by.every((link) => passes(link.network, 'ingress', { ...frame, iif: link.name, mac: macOf(from) }, link.name));
}

const NOT_TRACKED = { isForHere: false, state: 'new', translated: { dnat: false, snat: false } } as const;

/** Who has an address? A question by ARP or, for IPv6, by ICMPv6 of this type; or the answer to one. */
function neighbourFrame(sender: Link, source: string, address: string, type: string): Frame {
  const frame = { source, destination: address, ...NOT_TRACKED };
  return familyOf(address) === AF_INET
    ? { ...frame, kind: 'arp', claimedMac: macOf(sender) }
    : { ...frame, kind: 'ip6', type, target: address };
}

/** IPv4 answers for all of a machine's addresses, by any interface; IPv6 for those of the interface that was asked. */
function answersFor(link: Link, address: string): boolean {
  if (familyOf(address) !== AF_INET) return link.addresses.some(({ local }) => local === address);
  if (covers('127.0.0.0', 8, address) && !isOn(link.network, 'ipv4', link.name, 'route_localnet')) return false;
  return holderOf(link.network, address) !== undefined;
}

/** All interfaces that a frame from this one can get to: through its cable, and through bridges. */
function reachable(from: Link): Reached[] {
  if (!from.up) return [];
  if (from.kind === 'bridge') return portsOf(from).flatMap((port) => through(port, []));
  return from.master ? [] : through(from, []);
}

/** Through a cable to its other end, and where that is plugged in, on. */
function through({ up, peer }: Link, by: readonly Link[]): Reached[] {
  if (!up || !peer?.up) return [];
  const path = [...by, peer];
  const { master } = peer;
  if (!master) return [{ link: peer, by: path }];
  if (!master.up || by.length > 8) return [];
  const ports = portsOf(master).filter(
    (port) => (port !== peer || peer.port.hairpin) && !(port.port.isolated && peer.port.isolated),
  );
  return [{ link: master, by: path }, ...ports.flatMap((port) => through(port, path))];
}
