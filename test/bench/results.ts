import type { Contender } from './interleave.ts';
import { type Summary, summary } from './statistics.ts';
import { milliseconds, table } from './table.ts';

/** What one contender came to, or why it can't be measured. */
export type Result = { readonly name: string } & (
  | ({ readonly ratio: number | null; readonly fastRatio: number | null; readonly times: readonly number[] } & Summary)
  | { readonly notMeasured: string }
);

/** What was measured interleaved, each beside the one that it is compared with. */
export interface Group {
  readonly title: string;
  readonly comparedWith: string;
  readonly results: readonly Result[];
}

/** @param comparedWith - the name of the contender whose median is 1 */
export function group(title: string, comparedWith: string, measured: ReadonlyMap<Contender, number[] | Error>): Group {
  const [, one] = [...measured].find(([contender]) => contender.name === comparedWith) ?? [];
  const unit = Array.isArray(one) && one.length > 0 ? summary(one) : null;
  const results = [...measured].map(([{ name }, times]): Result => {
    if (!Array.isArray(times)) return { name, notMeasured: times.message };
    const numbers = summary(times);
    const ratios = { ratio: unit && numbers.median / unit.median, fastRatio: unit && numbers.p10 / unit.p10 };
    return { name, ...numbers, ...ratios, times };
  });
  return { title, comparedWith, results };
}

export function groupText({ title, comparedWith, results }: Group): string {
  const rows = results.map((result) => {
    if ('notMeasured' in result) return [result.name, result.notMeasured];
    const { n, median, p10, p90, ratio, fastRatio } = result;
    return [
      result.name,
      milliseconds(median),
      ratio?.toFixed(2) ?? '-',
      `${milliseconds(p10)} - ${milliseconds(p90)}`,
      fastRatio?.toFixed(2) ?? '-',
      String(n),
    ];
  });
  const measured = table(
    title,
    ['ms', 'ratio', 'p10 - p90', 'of p10', 'n'],
    rows.filter((row) => row.length > 2),
  );
  const rest = rows.filter((row) => row.length === 2).map(([name, why]) => `${name}: ${why}\n`);
  return `${measured}${rest.join('')}ratio: median to that of ${comparedWith}; of p10: the same of the fastest tenth, which others on the machine disturb least\n`;
}

/** Each of ours beside each of others, as they took turns: its median divided by theirs. @param ours - how its name begins */
export function pairsText({ results }: Group, ours: string, others: readonly string[]): string {
  const medianOf = (result: Result | undefined) => (result && 'median' in result ? result.median : undefined);
  const units = others.map((name) => medianOf(results.find((result) => result.name.startsWith(name))));
  const rows = results
    .filter(({ name }) => name.startsWith(ours))
    .map((result) => [
      result.name,
      ...units.map((unit) => ((medianOf(result) ?? Number.NaN) / (unit ?? Number.NaN)).toFixed(2).replace('NaN', '-')),
    ]);
  return table('cold: pairs, ratio of medians', others, rows);
}
