import type { Line, Section, SectionId } from './types.ts';

/** The sections of the plan that a set of switches makes. */
export type PlanOf = (on: ReadonlySet<string>) => Record<SectionId, Line[]>;

/** A section as lists of lines, not yet numbered. */
export type LineSection = Omit<Section, 'lists'> & { readonly lists: readonly (readonly Line[])[] };

/**
 * All plans of a step, small. Most switches change one or two sections, so each section is kept by those switches
 * alone that it depends on: found by flipping every switch alone, beside any other, and beside all others. Plans of other
 * combinations are then compared with what the tables say.
 *
 * @throws {Error} if a section depends on switches in a way that this doesn't see
 */
export function tabulate(switches: readonly string[], planOf: PlanOf): LineSection[] {
  const made = new Map<string, Record<SectionId, Line[]>>();
  const plan = (on: readonly string[]) => {
    const key = switches.filter((one) => on.includes(one)).join();
    const there = made.get(key) ?? planOf(new Set(on));
    made.set(key, there);
    return there;
  };
  const ids = Object.keys(plan([])) as SectionId[];
  const sections = ids.map((id) => {
    const depends = switches.filter((one) =>
      neighbours(switches, one).some((on) => differ(plan(on)[id], plan([...on, one])[id])),
    );
    const lists = subsets(depends).map((on) => plan(on)[id]);
    return { id, depends, lists };
  });
  for (const on of samples(switches, 48)) {
    for (const { id, depends, lists } of sections) {
      const told = lists[indexOf(depends, (one) => on.includes(one))] ?? [];
      if (differ(told, plan(on)[id]))
        throw new Error(`the section "${id}" with ${on.join(' ')} is not what its table says`);
    }
  }
  return sections;
}

/** Where a combination stands in a section's lists. */
export function indexOf(depends: readonly string[], isOn: (one: string) => boolean): number {
  return depends.reduce((index, one, bit) => index | (isOn(one) ? 1 << bit : 0), 0);
}

/** Contexts in which a switch is flipped: nothing else, any other one, and all others. */
function neighbours(switches: readonly string[], one: string): string[][] {
  const others = switches.filter((other) => other !== one);
  return [[], ...others.map((other) => [other]), others];
}

/** Every subset, in the order of `indexOf`. */
function subsets(of: readonly string[]): string[][] {
  return Array.from({ length: 1 << of.length }, (_, index) => of.filter((_, bit) => index & (1 << bit)));
}

/** Some combinations, always the same: by a linear congruential generator. */
function samples(switches: readonly string[], many: number): string[][] {
  let seed = 1;
  const next = () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed > 2 ** 31;
  };
  return Array.from({ length: many }, () => switches.filter(next));
}

function differ(one: readonly Line[], other: readonly Line[]): boolean {
  return JSON.stringify(one) !== JSON.stringify(other);
}
