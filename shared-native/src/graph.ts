import type { Argument, Call } from './call.ts';
import { asText } from './explain.ts';

/** Calls that are made one after another, and the nodes after them. */
export interface Node {
  readonly calls: readonly Call[];
  /** The node after the last call. Without one, that call is one that doesn't come back: `execve`, `exit_group`. */
  readonly next?: string;
  /** The node after a call that fails. Without one, the process ends there with status 127. */
  readonly other?: string;
  /** Is it never come to again once the program is under way? Then its memory lies apart, and can be given back. */
  readonly passing?: boolean;
}

/**
 * A program that branches: nodes by their names, of which the first is where it begins. It can go round in circles, and
 * with a clone two ways at once: `exactly(cloneCall(…), 0)` sends the new process to `next`, and the old one to `other`,
 * where failed calls lead as well.
 */
export type Graph = Readonly<Record<string, Node>>;

/** A struct that an argument points to. */
export type Struct = Pick<Extract<Argument, { kind: 'struct' }>, 'fields'>;

/** A program, flat: which call follows which, by their numbers. The number after the last is the end of the process. */
export interface Walk {
  readonly calls: readonly Call[];
  next(nth: number): number;
  other(nth: number): number;
  /** Is its node one that passes? */
  isPassing(nth: number): boolean;
  /** Structs whose last field is the result of a call. */
  readonly heads: ReadonlyMap<Struct, Call>;
  /** Is it a graph, where each result has been checked to be there when it is taken? */
  readonly isGraph: boolean;
}

const NO_HEADS: Walk['heads'] = new Map();

/** Is a program a list of calls, rather than a graph? */
export function isList(program: readonly Call[] | Graph): program is readonly Call[] {
  return Array.isArray(program);
}

/** The calls of a graph, node by node. */
export function callsOf(graph: Graph): Call[] {
  return Object.values(graph).flatMap(({ calls }) => calls);
}

/** A graph that makes some calls before it begins. */
export function behind(calls: readonly Call[], graph: Graph): Graph {
  const [next] = Object.keys(graph);
  return { 'before it begins': { calls, ...(next !== undefined && { next }) }, ...graph };
}

/** A list as a walk: each call leads to the one after it, or to the end. */
export function straight(calls: readonly Call[]): Walk {
  return {
    calls,
    next: (nth) => nth + 1,
    other: () => calls.length,
    isPassing: () => false,
    heads: NO_HEADS,
    isGraph: false,
  };
}

/**
 * A graph as a walk.
 *
 * @throws {TypeError} if a name leads nowhere, a call is never reached, a node has nowhere to go on, or a call takes a
 *   result that isn't there yet on some way to it.
 */
export function walkOf(graph: Graph): Walk {
  const starts = new Map<string, number>();
  const calls = callsOf(graph);
  if (calls.length === 0) throw new TypeError('a graph begins with its first node, and this one has none');
  let start = 0;
  for (const [name, node] of Object.entries(graph)) {
    starts.set(name, start);
    start += node.calls.length;
  }
  const follows = Object.entries(graph).flatMap(([name, node]) => followsOf(name, node, starts, calls.length));
  const heads = headsOf(calls);
  assertThere(calls, madeBefore(follows, calls), follows);
  const step = (nth: number) => follows[nth] as Follows;
  const isPassing = (nth: number) => graph[step(nth).node]?.passing ?? false;
  return { calls, next: (nth) => step(nth).next, other: (nth) => step(nth).other, isPassing, heads, isGraph: true };
}

/** What comes after one call. */
interface Follows {
  readonly node: string;
  readonly next: number;
  readonly other: number;
}

/** What comes after each call of a node. */
function followsOf(name: string, { calls, next, other }: Node, starts: Map<string, number>, end: number): Follows[] {
  const startOf = (to: string | undefined) => {
    if (to === undefined) return end;
    const start = starts.get(to);
    if (start !== undefined) return start;
    throw new TypeError(`node ${name} leads to ${to}, and there is no node of that name`);
  };
  const last = calls.at(-1);
  if (/^\d+$/.test(name))
    throw new TypeError(`node ${name} has a number for a name, and JavaScript would put it first`);
  if (!last) throw new TypeError(`node ${name} makes no call`);
  if (next === undefined && !STAYS.includes(last.name))
    throw new TypeError(`node ${name} ends in ${last.name}, which comes back, and says of no node that it is next`);
  const start = startOf(name);
  const at = { next: startOf(next), other: startOf(other) };
  return calls.map((_, nth) => ({
    node: name,
    next: nth + 1 < calls.length ? start + nth + 1 : at.next,
    other: at.other,
  }));
}

const STAYS = ['execve', 'execveat', 'exit_group'];

/** Where a call can really lead: exit_group nowhere, execve only when it fails. */
function waysFrom({ name, tolerates, exactly }: Call, { next, other }: Follows): number[] {
  if (name === 'exit_group') return [];
  const goesOn = !STAYS.includes(name) || tolerates !== undefined;
  const canFail = tolerates !== 'any' || exactly !== undefined;
  return [...(goesOn ? [next] : []), ...(canFail ? [other] : [])];
}

/** A set of calls by their numbers: bit n is call n. */
type Calls = bigint;

/**
 * For each call, those that were made before it, whichever way led there.
 *
 * @throws {TypeError} for a call to which no way leads
 */
function madeBefore(follows: readonly Follows[], calls: readonly Call[]): Calls[] {
  const before: (Calls | undefined)[] = [0n];
  const open = [0];
  for (let nth = open.pop(); nth !== undefined; nth = open.pop()) {
    const call = calls[nth];
    if (!call) continue; // the end
    const after = (before[nth] as Calls) | (1n << BigInt(nth));
    for (const to of waysFrom(call, follows[nth] as Follows)) {
      const known = before[to];
      const both = known === undefined ? after : known & after;
      if (both === known) continue;
      before[to] = both;
      open.push(to);
    }
  }
  return calls.map(({ name }, nth) => {
    const made = before[nth];
    if (made !== undefined) return made;
    throw new TypeError(`no way leads to ${name} in node ${follows[nth]?.node}`);
  });
}

/** @throws {TypeError} if a call takes a result that may not be there yet, or whose call stands in two places */
function assertThere(calls: readonly Call[], before: readonly Calls[], follows: readonly Follows[]): void {
  for (const [nth, call] of calls.entries()) {
    for (const of of resultsIn(Object.values(call.args))) {
      const at = calls.indexOf(of);
      const wrong = (what: string) =>
        new TypeError(`${call.name} in node ${follows[nth]?.node} takes the result of ${of.name}, which ${what}`);
      if (at !== calls.lastIndexOf(of)) throw wrong('stands in two places: which is meant?');
      if (at === -1 || ((before[nth] as Calls) & (1n << BigInt(at))) === 0n)
        throw wrong("isn't made on every way to it");
    }
  }
}

/** The calls whose results some arguments take, also as fields of what they point to. */
function resultsIn(args: readonly Argument[]): Call[] {
  return args.flatMap((one) => {
    if (one.kind === 'result') return [one.of];
    return one.kind === 'struct' ? resultsIn(Object.values(one.fields).map(({ value }) => value)) : [];
  });
}

/**
 * The structs that end in the result of a call. They end in its record, so there is room for one alone, beside those that
 * are nothing but the result.
 *
 * @throws {TypeError} if there are two
 */
function headsOf(calls: readonly Call[]): Map<Struct, Call> {
  const heads = new Map<Struct, Call>();
  for (const struct of new Set(structsIn(calls.flatMap(({ args }) => Object.values(args))))) {
    const fields = Object.values(struct.fields);
    const last = fields.at(-1);
    if (last?.value.kind !== 'result' || last.bytes !== 8) continue;
    const { of } = last.value;
    const other = heads.entries().find(([head, its]) => its === of && Object.keys(head.fields).length > 1);
    if (other && fields.length > 1) throw new TypeError(`two structs end in the result of one ${of.name}`);
    heads.set(struct, of);
  }
  return heads;
}

/** The structs that some arguments point to, each after those that it points to itself. */
function structsIn(args: readonly Argument[]): Struct[] {
  return args.flatMap((one) =>
    one.kind === 'struct' ? [...structsIn(Object.values(one.fields).map(({ value }) => value)), one] : [],
  );
}

/** A graph for people: each node with its calls, and where it leads. */
export function graphText(graph: Graph, textOf: (call: Call) => string = asText): string {
  const lines = Object.entries(graph).flatMap(([name, { calls, next, other }]) => [
    `${name}:`,
    ...calls.map((call) => `  ${textOf(call)}`),
    ...(next === undefined ? [] : [`  then ${next}`]),
    ...(other === undefined ? [] : [`  if one fails, ${other}`]),
  ]);
  return lines.map((line) => `${line}\n`).join('');
}
