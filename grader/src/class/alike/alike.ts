import { createHash } from 'node:crypto';
import type { Code } from '../code.ts';
import { normal } from './normal.ts';

/** Somebody's code, of this class or an earlier one. */
export interface Work {
  readonly who: string;
  /** Of an earlier class: where it was. */
  readonly earlier?: string;
  readonly code: Code;
}

/** Two whose code for a task is alike. Why, only a person can find out. */
export interface Alike {
  readonly task: number;
  readonly one: Work;
  readonly other: Work;
  /** From 0 to 1: the share of what both have in what either has. */
  readonly share: number;
  /** How many of the class have that very code, these two among them: the more, the less it says. */
  readonly many: number;
}

export interface Comparing {
  /** The least share that is told. */
  readonly least?: number;
  /** The fewest words of normal code: everybody writes a short function alike. */
  readonly words?: number;
  /** In how many works a piece may stand: what more have in common comes from the lesson. */
  readonly common?: number;
}

/** So many words make a piece. */
const PIECE = 6;

interface Read {
  readonly work: Work;
  readonly hash: string;
  readonly pieces: ReadonlySet<string>;
}

/**
 * The pairs of a class whose code for a task is the same, or nearly, when names, spaces and the order of independent calls
 * don't count; also of one of the class with one of an earlier class. What starts the task doesn't count.
 *
 * @returns those that say most first: rare code, much of it the same
 */
export function alike(works: readonly Work[], tasks: readonly number[], comparing: Comparing = {}): Alike[] {
  return tasks.flatMap((task) => alikeIn(works, task, comparing)).sort((a, b) => a.many - b.many || b.share - a.share);
}

function alikeIn(
  works: readonly Work[],
  task: number,
  { least = 0.8, words: fewest = 40, common }: Comparing,
): Alike[] {
  const most = common ?? Math.max(4, Math.ceil(works.length / 50));
  const all = works.flatMap((work) => {
    const words = normal(work.code[task]?.text ?? '');
    return words && words.length >= fewest ? [{ work, ...read(words) }] : [];
  });
  const equals = counted(all.map(({ hash }) => hash));
  const found: Alike[] = [];
  for (const [at, others] of near(all, most)) {
    const one = all[at] as Read;
    for (const with_ of others) {
      const other = all[with_] as Read;
      if (one.work.earlier !== undefined && other.work.earlier !== undefined) continue;
      const share = one.hash === other.hash ? 1 : shareOf(one.pieces, other.pieces);
      const many = one.hash === other.hash ? (equals.get(one.hash) ?? 2) : 2;
      if (share >= least && many <= most) found.push({ task, one: one.work, other: other.work, share, many });
    }
  }
  return found;
}

function read(words: readonly string[]): Omit<Read, 'work'> {
  const pieces = new Set(
    words.slice(0, words.length - PIECE + 1).map((_, at) => words.slice(at, at + PIECE).join(' ')),
  );
  return { hash: createHash('sha256').update(words.join(' ')).digest('hex'), pieces };
}

/** By the place of each, the later ones with which it shares a piece that few have: not every pair has to be compared. */
function near(all: readonly Read[], most: number): Map<number, Set<number>> {
  const holders = new Map<string, number[]>();
  for (const [at, { pieces, hash }] of all.entries()) {
    for (const piece of [...pieces, hash]) {
      const found = holders.get(piece);
      if (found) found.push(at);
      else holders.set(piece, [at]);
    }
  }
  const pairs = new Map<number, Set<number>>();
  for (const who of holders.values()) {
    if (who.length < 2 || who.length > most) continue;
    for (const [nth, at] of who.entries()) {
      const others = pairs.get(at) ?? new Set();
      for (const other of who.slice(nth + 1)) others.add(other);
      pairs.set(at, others);
    }
  }
  return pairs;
}

function shareOf(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const both = [...one].filter((piece) => other.has(piece)).length;
  return both / (one.size + other.size - both);
}

function counted(all: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const one of all) counts.set(one, (counts.get(one) ?? 0) + 1);
  return counts;
}
