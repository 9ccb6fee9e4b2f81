import { createHash } from 'node:crypto';
import { HOMEWORK, type Homework } from './trusted/homework.ts';

/** Without a submission, in `npm test`: what the reference is tested with is the same every time. */
const REFERENCE = 'reference';

/**
 * Values to test with that no table of answers can hold: each submission gets others, and always the same ones. The
 * report names the seed, and `pnpm homework grade 3 --seed SEED` makes them again.
 *
 * @param name - of these values: those of another name don't change when there are more of these
 */
export function seeded(name: string): Seeded {
  const homework = (globalThis as { [key: symbol]: Homework | undefined })[Symbol.for(HOMEWORK)];
  return new Seeded(`${homework?.seed ?? process.env.BOXSTEP_SEED ?? REFERENCE} ${name}`);
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

export class Seeded {
  #seed: string;
  #nth = 0;

  constructor(seed: string) {
    this.#seed = seed;
  }

  /** A whole number, both ends included. */
  integer(least: number, most: number): number {
    const digest = createHash('sha256')
      .update(`${this.#seed} ${this.#nth++}`)
      .digest();
    return least + Math.floor((digest.readUIntBE(0, 6) / 2 ** 48) * (most - least + 1));
  }

  /** One of several. */
  pick<T>(list: readonly [T, ...T[]]): T {
    return list[this.integer(0, list.length - 1)] as T;
  }

  /** A name that is new: lower-case letters. */
  word(length = 6): string {
    return Array.from({ length }, () => this.pick([...LETTERS] as [string, ...string[]])).join('');
  }
}
