import type { NetworkNamespace, State } from '../../state.ts';
import { holderOf } from '../network.ts';
import { canonical } from '../subnet.ts';
import { type Connections, isSame, type Packet, reversed } from './connections.ts';
import { Journey, sourceFor, wayTo } from './journey.ts';

/** A question: does this packet arrive? */
export interface Question {
  /** The machine that sends it; by default the process that makes the calls (the container). */
  readonly in?: NetworkNamespace;
  /** The address it is sent from; by default the one that the route says. */
  readonly from?: string;
  readonly to: string;
  readonly protocol?: Packet['protocol'];
  readonly port: number;
}

/** What becomes of a packet. */
export interface Delivery {
  readonly arrives: boolean;
  /** Why it doesn't. */
  readonly why?: string;
  /** Where it arrives, and as what: perhaps translated. */
  readonly at?: NetworkNamespace;
  readonly packet?: Packet;
  /** Does an answer to it get back, and is it seen to be one? */
  readonly answered: boolean;
  readonly whyNoAnswer?: string;
  /** What happens on the way, one thing a line. */
  readonly story: readonly string[];
}

const FROM_PORT = 40_000;

/**
 * Sends a packet in the model: does it arrive, where, as what, and does the answer find its way back?
 *
 * ```ts
 * packet(state, { to: '203.0.113.7', port: 80 }) // { arrives: true, at: state.outside, packet: { source: '192.168.1.10', … } }
 * ```
 */
export function packet(state: State, question: Question): Delivery {
  const from = question.in ?? state.process.namespaces.net;
  const { protocol = 'tcp', port } = question;
  const to = canonical(question.to);
  const way = wayTo(from, to);
  if (typeof way === 'string') return lost(way, []);
  const source = question.from ?? (way.link.kind === 'loopback' ? to : sourceFor(way.link, way.next, to));
  if (source === undefined) return lost(`EADDRNOTAVAIL: no address to send from by ${way.link.name}`, []);
  if (!holderOf(from, source)) return lost(`EADDRNOTAVAIL: ${source} is no address of this machine`, []);
  const asked: Packet = { protocol, source, sourcePort: FROM_PORT, destination: to, port };
  const connections: Connections = new Map();
  const there = new Journey(connections);
  const arrival = there.send(from, asked);
  if ('why' in arrival) return lost(arrival.why, there.story);
  const back = new Journey(connections);
  const answer = back.send(arrival.network, reversed(arrival.packet));
  const story = [...there.story, ...back.story];
  const got = { arrives: true, at: arrival.network, packet: arrival.packet, story };
  if ('why' in answer) return { ...got, answered: false, whyNoAnswer: answer.why };
  if (answer.network !== from) return { ...got, answered: false, whyNoAnswer: 'the answer gets to another machine' };
  const isExpected = isSame(answer.packet, reversed(asked));
  if (isExpected) return { ...got, answered: true };
  const { source: by, sourcePort } = answer.packet;
  const whyNoAnswer = `the answer comes from ${by} port ${sourcePort}, who wasn't asked`;
  return { ...got, answered: false, whyNoAnswer };
}

function lost(why: string, story: readonly string[]): Delivery {
  return { arrives: false, why, answered: false, story };
}
