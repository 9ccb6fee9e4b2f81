import { AF_INET } from '../../../kernel/constants.ts';
import { ModelError } from '../../errors.ts';
import type { Address, Link, NetworkNamespace } from '../../state.ts';
import { holderOf } from '../network.ts';
import type { Seen, Verdict } from '../nft/rule.ts';
import { routesTo } from '../routes.ts';
import { covers, familyOf, sharedBits } from '../subnet.ts';
import { isOn, readSysctl } from '../sysctls.ts';
import { type Connection, type Connections, isSame, type Packet, track } from './connections.ts';
import { passes, translation } from './hooks.ts';
import { arrivesAt, macOf, neighbourWith } from './segment.ts';

/** Where a packet has got to, or why it hasn't. */
export type Arrival =
  | { readonly network: NetworkNamespace; readonly link: Link; readonly packet: Packet }
  | { readonly why: string };

/** More machines than this a packet doesn't pass: it goes round in circles. */
const MOST = 16;

/**
 * A packet on its way, from one machine (network namespace) to the next, as the kernel has the ways: routes, hooks of
 * nftables with connection tracking, neighbours.
 */
export class Journey {
  readonly #connections: Connections;
  /** What happened to the packet, for people. */
  readonly story: string[] = [];
  #passed = 0;

  constructor(connections: Connections) {
    this.#connections = connections;
  }

  /** Sends it from the machine whose packet it is. */
  send(network: NetworkNamespace, first: Packet): Arrival {
    const way = wayTo(network, first.destination);
    if (typeof way === 'string') return { why: way };
    const tracked = track(this.#connections, network, first);
    const packet = this.#hook(network, 'output', first, tracked, { oif: way.link.name });
    if (!packet) return { why: 'dropped by a rule at output' };
    if (packet.destination === first.destination) return this.#leave(network, packet, way, tracked);
    const other = wayTo(network, packet.destination);
    if (typeof other === 'string') return { why: other };
    const isStray = covers('127.0.0.0', 8, packet.source) && other.link.kind !== 'loopback';
    if (isStray && !isOn(network, 'ipv4', other.link.name, 'route_localnet'))
      return { why: `a packet from ${packet.source} may not leave by ${other.link.name}: route_localnet is 0` };
    return this.#leave(network, packet, other, tracked);
  }

  /** It leaves a machine by an interface. */
  #leave(network: NetworkNamespace, given: Packet, way: Way, tracked: Tracked): Arrival {
    const { link, next } = way;
    const packet = this.#hook(network, 'postrouting', given, tracked, { oif: link.name }, way);
    if (!packet) return { why: 'dropped by a rule at postrouting' };
    if (link.kind === 'loopback') return this.#enter(network, link, packet, { tracked });
    const neighbour = neighbourWith(link, next, sourceFor(link, next) ?? packet.source);
    if (!neighbour) return { why: `EHOSTUNREACH: nobody at ${link.name} answers for ${next}` };
    const frame = { ...packet, kind: kindOf(packet), isForHere: false, state: 'new', translated: NOTHING } as const;
    if (!arrivesAt(link, neighbour, frame)) return { why: `dropped on the way from ${link.name}` };
    this.story.push(`${describe(packet)} leaves by ${link.name}`);
    return this.#enter(neighbour.network, neighbour, packet, { mac: macOf(link) });
  }

  /** It comes into a machine by an interface; or, by lo, back into the same, where its connection is known. */
  #enter(network: NetworkNamespace, link: Link, given: Packet, how: { mac?: string; tracked?: Tracked }): Arrival {
    if (++this.#passed > MOST) return { why: 'it goes round in circles' };
    const tracked = how.tracked ?? track(this.#connections, network, given);
    const interfaces = { iif: link.name, mac: how.mac };
    const packet = this.#hook(network, 'prerouting', given, tracked, interfaces);
    if (!packet) return { why: 'dropped by a rule at prerouting' };
    const martian = link.kind === 'loopback' ? undefined : strange(network, link, packet);
    if (martian) return { why: martian };
    if (!isHere(network, link, packet.destination)) return this.#forward(network, link, packet, tracked);
    if (!passes(network, 'input', seenAs(network, packet, tracked, interfaces)))
      return { why: 'dropped by a rule at input' };
    const arrived = tracked.isAnswer ? answerFrom(packet, tracked.connection) : packet;
    this.story.push(`${describe(arrived)} arrives by ${link.name}`);
    return { network, link, packet: arrived };
  }

  #forward(network: NetworkNamespace, link: Link, packet: Packet, tracked: Tracked): Arrival {
    if (!forwards(network, link, packet)) return { why: 'a machine on the way passes nothing on: forwarding is off' };
    const way = wayTo(network, packet.destination);
    if (typeof way === 'string') return { why: way };
    const interfaces = { iif: link.name, oif: way.link.name };
    if (!passes(network, 'forward', seenAs(network, packet, tracked, interfaces)))
      return { why: 'dropped by a rule at forward' };
    return this.#leave(network, packet, way, tracked);
  }

  /** What a hook makes of a packet: the chains that filter may drop it, those that translate decide where it goes, or whom it comes from. */
  #hook(
    network: NetworkNamespace,
    hook: Hook,
    packet: Packet,
    tracked: Tracked,
    by: Interfaces,
    way?: Way,
  ): Packet | undefined {
    const { connection, isAnswer } = tracked;
    const seen = seenAs(network, packet, tracked, by);
    if (!passes(network, hook, seen)) return undefined;
    const isSource = hook === 'postrouting';
    if (isAnswer) return isSource ? answerFrom(packet, connection) : answerTo(packet, connection);
    const decided = isSource ? 'sourceSet' : 'destinationSet';
    if (!connection[decided]) {
      const verdict = translation(network, hook, seen);
      if (verdict?.kind === 'drop' || !decide(connection, packet, verdict, isSource, way)) return undefined;
      connection[decided] = true;
    }
    const translated = { ...packet, ...(isSource ? connection.source : connection.destination) };
    if (!isSame(translated, packet)) this.story.push(`${describe(packet)} becomes ${describe(translated)}`);
    return translated;
  }
}

type Hook = 'prerouting' | 'output' | 'postrouting';
type Interfaces = Pick<Seen, 'iif' | 'oif' | 'mac'>;
type Tracked = ReturnType<typeof track>;

function seenAs(
  network: NetworkNamespace,
  packet: Packet,
  { connection: { dnat, snat }, isAnswer }: Tracked,
  interfaces: Interfaces,
): Seen {
  return {
    ...packet,
    ...interfaces,
    kind: kindOf(packet),
    isForHere: holderOf(network, packet.destination) !== undefined,
    state: isAnswer ? 'established' : 'new',
    translated: { dnat, snat },
  };
}

const NOTHING = { dnat: false, snat: false };
const kindOf = ({ source }: Packet) => (familyOf(source) === AF_INET ? 'ip' : 'ip6');
const describe = ({ source, sourcePort, destination, port }: Packet) =>
  `${at(source, sourcePort)} → ${at(destination, port)}`;
const at = (address: string, port: number) => (address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`);

/** An answer goes back to who began, and comes from the address that was asked. */
function answerTo(packet: Packet, { original }: Connection): Packet {
  return { ...packet, destination: original.source, port: original.sourcePort };
}

function answerFrom(packet: Packet, { original }: Connection): Packet {
  return { ...packet, source: original.destination, sourcePort: original.port };
}

/** @returns false where there is no address to translate to */
function decide(
  connection: Connection,
  packet: Packet,
  verdict: Verdict | undefined,
  isSource: boolean,
  way?: Way,
): boolean {
  if (!verdict || (verdict.kind !== 'dnat' && verdict.kind !== 'snat' && verdict.kind !== 'masquerade')) return true;
  if ((verdict.kind === 'dnat') === isSource) throw new ModelError(`${verdict.kind} is no verdict of this hook`);
  const family = familyOf(packet.source);
  if (verdict.kind === 'masquerade') {
    const source = way && sourceFor(way.link, way.next, packet.destination);
    if (source === undefined) return false;
    connection.source = { source, sourcePort: packet.sourcePort };
    connection.snat = true;
    return true;
  }
  const { address, port } = verdict;
  if (familyOf(address) !== family) return true;
  if (verdict.kind === 'dnat') connection.destination = { destination: address, port: port ?? packet.port };
  else connection.source = { source: address, sourcePort: port ?? packet.sourcePort };
  connection[verdict.kind] = true;
  return true;
}

/** By which interface, and to whose address there. */
export interface Way {
  readonly link: Link;
  readonly next: string;
}

/** The way to an address; or the error that there is none. */
export function wayTo(network: NetworkNamespace, address: string): Way | string {
  const own = holderOf(network, address);
  const loopback = network.links.get(1) as Link;
  if (own) return loopback.up ? { link: loopback, next: address } : 'ENETUNREACH: lo is down';
  const [route] = routesTo(network, address);
  if (!route) return `ENETUNREACH: no route leads to ${address}`;
  return { link: route.link, next: route.gateway ?? address };
}

/** The address that an interface sends from to a destination, which is reached by `next`. */
export function sourceFor(link: Link, next: string, destination = next): string | undefined {
  const all = [link, ...[...link.network.links.values()].filter((one) => one !== link)];
  const usable = all.flatMap(({ addresses }) => addresses.filter((one) => isUsable(one, familyOf(next))));
  if (familyOf(next) !== AF_INET) return nearest(usable, link, destination);
  const near = usable.find(
    ({ local, prefix }) =>
      prefix < 32 && link.addresses.some((one) => one.local === local) && covers(local, prefix, next),
  );
  return (near ?? usable[0])?.local;
}

const isUsable = ({ local, secondary, scope }: Address, family: number) =>
  familyOf(local) === family && !secondary && scope < 254;

/** RFC 6724: the destination itself, else one of this interface, else the one with which it shares most bits. */
function nearest(usable: readonly Address[], { addresses }: Link, destination: string): string | undefined {
  const rank = (one: Address) =>
    (one.local === destination ? 2000 : 0) + (addresses.includes(one) ? 1000 : 0) + sharedBits(one.local, destination);
  return [...usable].sort((one, other) => rank(other) - rank(one))[0]?.local;
}

function isHere(network: NetworkNamespace, link: Link, destination: string): boolean {
  const holder = holderOf(network, destination);
  return holder !== undefined && (holder.kind !== 'loopback' || link.kind === 'loopback' || destination !== '::1');
}

/** Packets that can't be right ("martians"): the kernel drops them wherever they come from. */
function strange(network: NetworkNamespace, link: Link, { source, destination }: Packet): string | undefined {
  if (familyOf(source) !== AF_INET) return destination === '::1' ? 'a packet for ::1 stays at home' : undefined;
  const mayBeLocal = isOn(network, 'ipv4', link.name, 'route_localnet');
  const isLoopback = [source, destination].find((one) => covers('127.0.0.0', 8, one));
  if (isLoopback && !mayBeLocal) return `a packet for ${isLoopback} came by ${link.name}: route_localnet is 0`;
  const isOwn = holderOf(network, source) !== undefined && !covers('127.0.0.0', 8, source);
  return isOwn ? `a packet from ${source} can't come by ${link.name}: that's here` : undefined;
}

function forwards(network: NetworkNamespace, { name }: Link, { source }: Packet): boolean {
  if (familyOf(source) === AF_INET) return readSysctl(network, `ipv4/conf/${name}/forwarding`) === '1\n';
  return isOn(network, 'ipv6', 'all', 'forwarding');
}
