/** Ids of the host's, one after another. */
export interface Range {
  readonly first: number;
  readonly count: number;
}

// #region places for ids
/**
 * Where a container's ids may begin: the first id of the nth place in a pool that has room for `count` consecutive ids. No
 * two places have an id in common, so containers in different places can't touch each other's files.
 *
 * @param pool - the ranges to take ids from, in this order; no place spans two of them
 * @param nth - from 0 on
 * @returns undefined if the pool has no more than `nth` places
 */
export function nthRange(pool: readonly Range[], count: number, nth: number): number | undefined {
  // #region task 2: places for ids
  let left = nth;
  for (const range of pool) {
    const places = Math.floor(range.count / count);
    if (left < places) return range.first + left * count;
    left -= places;
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
