import { AF_INET, AF_INET6 } from '../../../kernel/constants.ts';
import { ModelError } from '../../errors.ts';
import { bitsOf, canonical, covers, familyOf, widthOf } from '../subnet.ts';

/** What a rule sees of a packet at a hook: what isn't there (an interface that it doesn't leave by, say) matches nothing. */
export interface Seen {
  readonly iif?: string | undefined;
  readonly oif?: string | undefined;
  readonly kind: 'ip' | 'ip6' | 'arp';
  readonly source: string;
  readonly destination: string;
  readonly protocol?: string;
  readonly sourcePort?: number;
  readonly port?: number;
  /** The sender's MAC address, on a cable; and what it says that is, in an ARP message. */
  readonly mac?: string | undefined;
  readonly claimedMac?: string;
  /** Of a message of ICMPv6: its type, and the address it is about. */
  readonly type?: string;
  readonly target?: string;
  /** Has this machine the destination itself? */
  readonly isForHere: boolean;
  /** Is it an answer, or does it begin a connection? */
  readonly state: 'new' | 'established';
  readonly translated: { readonly dnat: boolean; readonly snat: boolean };
}

export type Verdict =
  | { readonly kind: 'accept' | 'drop' | 'return' }
  | { readonly kind: 'masquerade' }
  | {
      readonly kind: 'dnat' | 'snat';
      readonly family: number | undefined;
      readonly address: string;
      readonly port?: number;
    };

export interface Rule {
  readonly matches: readonly ((seen: Seen) => boolean)[];
  /** None for a rule that only counts. */
  readonly verdict?: Verdict;
}

/**
 * Reads a rule in the subset of nft(8) that the model knows.
 *
 * @throws {ModelError} for anything else: never a silent yes
 */
export function parseRule(line: string): Rule {
  const words = new Words(line);
  const matches: Rule['matches'][number][] = [];
  while (!words.atEnd()) {
    const word = words.next();
    const match = Object.hasOwn(MATCHES, word) ? MATCHES[word]?.(words) : undefined;
    if (match) {
      matches.push(match);
      continue;
    }
    if (word === 'counter') continue;
    const verdict = verdictOf(word, words);
    if (!words.atEnd()) throw words.unknown();
    if ('family' in verdict && verdict.family)
      matches.push(({ kind }) => kind === (verdict.family === AF_INET ? 'ip' : 'ip6'));
    return { matches, verdict };
  }
  return { matches };
}

/** The words of a rule, one after another; a set in braces is one word. */
class Words {
  readonly #line: string;
  readonly #words: string[];

  constructor(line: string) {
    this.#line = line;
    this.#words = line.match(/"[^"]*"|\{[^}]*\}|\S+/g) ?? [];
  }

  atEnd(): boolean {
    return this.#words.length === 0;
  }

  next(): string {
    return this.#words.shift() ?? this.#throw();
  }

  take(...expected: string[]): boolean {
    if (!expected.every((word, nth) => this.#words[nth] === word)) return false;
    this.#words.splice(0, expected.length);
    return true;
  }

  unknown(): ModelError {
    return new ModelError(`the model doesn't know this rule of nft: ${this.#line}`);
  }

  #throw(): never {
    throw this.unknown();
  }
}

type Match = (words: Words) => (seen: Seen) => boolean;

const protocolOf =
  (name: string): Match =>
  (words) => {
    const field = words.next();
    if (field !== 'dport' && field !== 'sport') throw words.unknown();
    const ports = compared(words, (value) => isPort(value, words));
    return (seen) => seen.protocol === name && ports(field === 'dport' ? seen.port : seen.sourcePort);
  };

const ofIp =
  (kind: 'ip' | 'ip6'): Match =>
  (words) => {
    const field = words.next();
    if (field !== 'saddr' && field !== 'daddr') throw words.unknown();
    const addresses = compared(words, (value) => isAddress(value, words));
    return (seen) => seen.kind === kind && addresses(field === 'saddr' ? seen.source : seen.destination);
  };

const nameOf =
  (read: (seen: Seen) => string | undefined): Match =>
  (words) => {
    const names = compared(words, (value) => (name) => name === unquoted(value));
    return (seen) => names(read(seen));
  };

const MATCHES: Readonly<Record<string, Match>> = {
  iifname: nameOf(({ iif }) => iif),
  oifname: nameOf(({ oif }) => oif),
  ip: ofIp('ip'),
  ip6: ofIp('ip6'),
  tcp: protocolOf('tcp'),
  udp: protocolOf('udp'),
  sctp: protocolOf('sctp'),
  meta: (words) => {
    const key = words.next();
    if (key === 'iifname' || key === 'oifname') return (MATCHES[key] as Match)(words);
    if (key === 'l4proto') return nameOf(({ protocol }) => protocol)(words);
    if (key !== 'nfproto') throw words.unknown();
    return nameOf(({ kind }) => ({ ip: 'ipv4', ip6: 'ipv6', arp: undefined })[kind])(words);
  },
  fib: (words) => {
    if (!words.take('daddr', 'type')) throw words.unknown();
    const isNot = words.take('!=');
    if (!words.take('local')) throw words.unknown();
    return ({ isForHere }) => isForHere !== isNot;
  },
  ct: (words) => {
    const key = words.next();
    if (key === 'state') return nameOf(({ state }) => state)(words);
    if (key !== 'status') throw words.unknown();
    const isNot = words.take('!=');
    const what = words.next();
    if (what !== 'dnat' && what !== 'snat') throw words.unknown();
    return ({ translated }) => translated[what] !== isNot;
  },
  ether: (words) => {
    if (!words.take('saddr')) throw words.unknown();
    return nameOf(({ mac }) => mac)(words);
  },
  arp: (words) => {
    if (words.take('saddr', 'ether')) {
      const macs = nameOf(({ claimedMac }) => claimedMac)(words);
      return (seen) => seen.kind === 'arp' && macs(seen);
    }
    if (!words.take('saddr', 'ip')) throw words.unknown();
    const addresses = compared(words, (value) => isAddress(value, words));
    return (seen) => seen.kind === 'arp' && addresses(seen.source);
  },
  icmpv6: (words) => {
    if (!words.take('type')) throw words.unknown();
    return nameOf(({ type }) => type)(words);
  },
  '@th,64,128': (words) => {
    const targets = compared(
      words,
      (value) => (target) => target !== undefined && BigInt(value) === bitsOf(String(target)),
    );
    return (seen) => seen.type !== undefined && targets(seen.target);
  },
};

type Value = string | number | undefined;

/** `!= { a, b }`, `a`: what follows a field. What isn't there is neither equal nor unequal. */
function compared(words: Words, one: (value: string) => (value: Value) => boolean): (value: Value) => boolean {
  const isNot = words.take('!=');
  if (!isNot) words.take('==');
  const given = words.next();
  const inSet = given.startsWith('{') ? given.slice(1, -1).split(',') : given.split(',');
  const tests = inSet.map((value) => one(value.trim()));
  return (value) => value !== undefined && tests.some((test) => test(value)) !== isNot;
}

function isPort(text: string, words: Words): (value: Value) => boolean {
  const [first = '', last = first] = text.split('-');
  if (![first, last].every((port) => /^\d+$/.test(port))) throw words.unknown();
  return (port) => Number(port) >= Number(first) && Number(port) <= Number(last);
}

function isAddress(text: string, words: Words): (value: Value) => boolean {
  const [network = '', length] = text.split('/');
  try {
    const prefix = length === undefined ? widthOf(familyOf(network)) : Number(length);
    covers(network, prefix, network);
    return (address) => covers(network, prefix, String(address));
  } catch {
    throw words.unknown();
  }
}

const unquoted = (word: string) => word.replace(/^"(.*)"$/, '$1');

function verdictOf(word: string, words: Words): Verdict {
  if (word === 'accept' || word === 'drop' || word === 'return' || word === 'masquerade') return { kind: word };
  if (word !== 'dnat' && word !== 'snat') throw words.unknown();
  const family = words.take('ip') ? AF_INET : words.take('ip6') ? AF_INET6 : undefined;
  if (!words.take('to')) throw words.unknown();
  const [, address, port] = /^\[?([\da-f.]*|[\da-f:]*(?=\]|$)[^\]]*)\]?(?::(\d+))?$/i.exec(words.next()) ?? [];
  if (address === undefined) throw words.unknown();
  return { kind: word, family, address: checked(address, words), ...(port && { port: Number(port) }) };
}

function checked(address: string, words: Words): string {
  try {
    return canonical(address);
  } catch {
    throw words.unknown();
  }
}
