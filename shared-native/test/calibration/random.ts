/** Numbers that look random and are the same for the same seed, so that a program that went wrong can be made again. */
export interface Random {
  /** True so often: 0 to 1. */
  chance(probability: number): boolean;
  /** A whole number, from 0 to below `end`. */
  below(end: number): number;
  pick<T>(values: readonly T[]): T;
  /** None to `most` of what `make` gives. */
  list<T>(most: number, make: () => T): T[];
}

/** Mulberry32: 32 bits of state are enough to choose calls. */
export function random(seed: number): Random {
  let state = seed | 0;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (end: number) => Math.floor(next() * end);
  return {
    chance: (probability) => next() < probability,
    below,
    pick: <T>(values: readonly T[]) => values[below(values.length)] as T,
    list: (most, make) => Array.from({ length: below(most + 1) }, make),
  };
}
