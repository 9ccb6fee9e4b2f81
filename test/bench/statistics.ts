/** What many measurements come to. Times are milliseconds. */
export interface Summary {
  readonly n: number;
  readonly median: number;
  /** Nine of ten took longer; nine of ten were faster: the spread without the machine's hiccups. */
  readonly p10: number;
  readonly p90: number;
}

/** @throws {RangeError} if there is nothing to summarise. */
export function summary(times: readonly number[]): Summary {
  const sorted = times.toSorted((one, other) => one - other);
  return { n: times.length, median: quantile(sorted, 0.5), p10: quantile(sorted, 0.1), p90: quantile(sorted, 0.9) };
}

export function median(times: readonly number[]): number {
  return summary(times).median;
}

/** Between two measurements, the share of the way from one to the other (R's type 7, as spreadsheets do it). */
function quantile(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share;
  const [low, high] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  if (low === undefined || high === undefined) throw new RangeError('no measurements to summarise');
  return low + (high - low) * (at % 1);
}

/** The same in a random order: so that no contender always follows the same other. */
export function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, key: Math.random() }))
    .toSorted((one, other) => one.key - other.key)
    .map(({ item }) => item);
}
