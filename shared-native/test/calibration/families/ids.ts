import type { Random } from '../random.ts';

/** Ids of which some are the process's own and some belong to nobody; in a user namespace, some aren't mapped. */
export const anyId = (random: Random): number => random.pick([0, 0, 1, 5, 1000, 1000, 1001, 65_534, 4_294_967_294]);

/** The same, or -1: leave it. */
export const anyIdOrNone = (random: Random): number => (random.chance(0.4) ? -1 : anyId(random));
