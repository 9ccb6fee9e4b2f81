/** Ids of the host's, one after another. */
export interface Range {
  readonly first: number;
  readonly count: number;
}

// #region a range that nobody has
/**
 * The first of `count` ids of a pool, one after another, that nobody has.
 *
 * @param pool - ranges that ids may be taken of, in this order; none is taken across two of them
 * @param take - tries to take `count` ids from a first one on: false if somebody has one of them
 * @returns undefined if there are no such ids
 */
export function takeRange(pool: readonly Range[], count: number, take: (first: number) => boolean): number | undefined {
  // #region task 2: a range that nobody has
  for (const range of pool) {
    for (let first = range.first; first + count <= range.first + range.count; first += count) {
      if (take(first)) return first;
    }
  }
  return undefined;
  // #endregion
}
// #endregion

/** What is left of a range without the ids of others. */
export function without(range: Range, others: readonly Range[]): Range[] {
  const end = range.first + range.count;
  const cuts = others.filter((one) => one.first < end && range.first < one.first + one.count);
  let first = range.first;
  const left: Range[] = [];
  for (const cut of [...cuts].sort((one, other) => one.first - other.first)) {
    if (cut.first > first) left.push({ first, count: cut.first - first });
    first = Math.max(first, cut.first + cut.count);
  }
  return first < end ? [...left, { first, count: end - first }] : left;
}
