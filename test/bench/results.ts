import { loadText } from './cpu.ts';
import type { Contender, Taken } from './interleave.ts';
import { type Summary, summary } from './statistics.ts';
import { milliseconds, table } from './table.ts';

/** What one contender came to, or why it can't be measured. */
export type Result = { readonly name: string } & (
  | ({
      readonly ratio: number | null;
      readonly fastRatio: number | null;
      readonly times: readonly number[];
      readonly cpu: number | null;
    } & Summary)
  | { readonly notMeasured: string }
);

/** What was measured interleaved, each beside the one that it is compared with. */
export interface Group {
  readonly title: string;
  readonly comparedWith: string;
  readonly results: readonly Result[];
}

/** @param comparedWith - the name of the contender whose median is 1 */
export function group(
  title: string,
  comparedWith: string,
  measured: ReadonlyMap<Pick<Contender, 'name'>, Taken | Error>,
): Group {
  const [, one] = [...measured].find(([contender]) => contender.name === comparedWith) ?? [];
  const unit = one && !(one instanceof Error) && one.times.length > 0 ? summary(one.times) : null;
  const results = [...measured].map(([{ name }, taken]): Result => {
    if (taken instanceof Error) return { name, notMeasured: taken.message };
    const { times, cpu } = taken;
    const numbers = summary(times);
    const ratios = { ratio: unit && numbers.median / unit.median, fastRatio: unit && numbers.p10 / unit.p10 };
    return { name, ...numbers, ...ratios, times, cpu: cpu === undefined ? null : cpu / times.length };
  });
  return { title, comparedWith, results };
}

export function groupText({ title, comparedWith, results }: Group): string {
  const unit = results.find(({ name }) => name === comparedWith);
  const cpuUnit = unit && 'cpu' in unit ? unit.cpu : null;
  const rows = results.map((result) => {
    if ('notMeasured' in result) return [result.name, result.notMeasured];
    const { n, median, p10, p90, ratio, fastRatio, cpu } = result;
    return [
      result.name,
      milliseconds(median),
      ratio?.toFixed(2) ?? '-',
      `${milliseconds(p10)} - ${milliseconds(p90)}`,
      fastRatio?.toFixed(2) ?? '-',
      cpu === null ? '-' : milliseconds(cpu),
      cpu === null || !cpuUnit ? '-' : (cpu / cpuUnit).toFixed(2),
      String(n),
    ];
  });
  const measured = table(
    title,
    ['ms', 'ratio', 'p10 - p90', 'of p10', 'CPU ms', 'ratio', 'n'],
    rows.filter((row) => row.length > 2),
  );
  const rest = rows.filter((row) => row.length === 2).map(([name, why]) => `${name}: ${why}\n`);
  return `${measured}${rest.join('')}ratio: median to that of ${comparedWith}; of p10: the same of the fastest tenth, which others on the machine disturb least; CPU: user and system time of all of them, by the run. ${loadText()}\n`;
}

/** Each of ours beside each of others, as they took turns: its median divided by theirs. @param ours - how its name begins */
export function pairsText(groups: readonly Group[], ours: string, others: readonly string[]): string {
  const medianOf = (result: Result | undefined) => (result && 'median' in result ? result.median : Number.NaN);
  const rows = groups.flatMap(({ results }) => {
    const units = others.map((name) => medianOf(results.find((result) => result.name.startsWith(name))));
    return results
      .filter(({ name }) => name.startsWith(ours))
      .map((result) => [result.name, ...units.map((unit) => (medianOf(result) / unit).toFixed(2).replace('NaN', '-'))]);
  });
  return table('cold: pairs, ratio of medians', others, rows);
}
