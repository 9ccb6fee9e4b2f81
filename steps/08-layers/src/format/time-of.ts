const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/**
 * A time as `--since` and `--until` take it: a date, seconds since 1970, or a duration before now such as `24h` or `1h30m`.
 *
 * @param flag - for the message
 * @returns milliseconds since 1970
 * @throws {Error} if it is none
 */
export function timeOf(text: string, flag: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|[smh])/g)];
  if (parts.length > 0 && parts.map(([part]) => part).join('') === text)
    return (
      Date.now() - parts.reduce((sum, [, number, unit]) => sum + Number(number) * (UNITS[unit as string] as number), 0)
    );
  const time = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text);
  if (Number.isNaN(time))
    throw new Error(`Expected ${flag} to be a time or a duration such as 24h, got ${JSON.stringify(text)}`);
  return time;
}
