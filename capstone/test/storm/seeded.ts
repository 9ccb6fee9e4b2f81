/** Numbers from 0 to 1 that follow from a seed: a storm that failed can be repeated, but for what the kernel does meanwhile. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0; // mulberry32
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Takes one of several, by such a number. */
export type Any = <T>(all: readonly T[]) => T;

export function anyBy(random: () => number): Any {
  return <T>(all: readonly T[]) => all[Math.floor(random() * all.length)] as T;
}

/** BOXSTEP_SEED repeats a storm; without it, each has a seed of its own. */
export function seedOf(env = process.env): number {
  return Number(env.BOXSTEP_SEED ?? Math.floor(Math.random() * 2 ** 32));
}
