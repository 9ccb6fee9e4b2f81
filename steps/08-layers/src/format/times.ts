/** Nanoseconds. */
const UNITS: Readonly<Record<string, number>> = {
  ...{ ns: 1, us: 1e3, µs: 1e3, μs: 1e3, ms: 1e6 },
  ...{ s: 1e9, m: 60e9, h: 3600e9 },
};

const DATE = /^(\d{4}-\d\d-\d\d)(?:T(\d\d)(?::(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?)?(Z|[+-]\d\d:\d\d)?$/;

// #region docker's times
/**
 * A time as docker's `--since` and `--until` take it: a date (of this machine's time zone, unless it names one), seconds since
 * 1970, or how long ago (`1h30m`).
 *
 * @param flag - the one to name if it is none of these: docker's client reads those of `logs`, and its daemon names none
 * @returns nanoseconds since 1970
 * @throws {Error} in docker's words
 */
export function timeOf(flag: string | undefined, typed: string, now = BigInt(Date.now()) * 1_000_000n): bigint {
  const ago = typed === '0' ? undefined : duration(typed); // that alone is when 1970 began
  if (ago !== undefined) return now - BigInt(ago);
  const seconds = /^(\d+)(?:\.(\d{1,9}))?$/.exec(typed);
  if (seconds) return BigInt(seconds[1] as string) * 1_000_000_000n + BigInt((seconds[2] ?? '').padEnd(9, '0'));
  const time = dateOf(typed);
  if (time !== undefined) return time;
  const why = `failed to parse value as time or duration: "${typed}"`;
  throw new Error(flag === undefined ? why : `invalid value for "${flag}": ${why}`);
}
// #endregion

/** The same in milliseconds, which the times of images and containers are in. */
export function millisecondsAt(typed: string): number {
  return Number(timeOf(undefined, typed) / 1_000_000n);
}

/** A time as Go's time.ParseDuration reads it: `1m30s`, `-500ms`, `1.5h`. @returns nanoseconds; undefined if it is none */
export function duration(text: string): number | undefined {
  const [, sign = '', rest = ''] = /^([-+]?)(.*)$/s.exec(text) ?? [];
  if (rest === '0') return 0;
  const parts = [...rest.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|[smh])/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== rest) return undefined;
  const all = parts.reduce((sum, [, number, unit]) => sum + Number(number) * (UNITS[unit as string] as number), 0);
  return Math.round(sign === '-' ? -all : all);
}

function dateOf(typed: string): bigint | undefined {
  const found = DATE.exec(typed);
  if (!found) return undefined;
  const [, date, hours = '00', minutes = '00', seconds = '00', fraction = '', zone = ''] = found;
  const milliseconds = Date.parse(`${date}T${hours}:${minutes}:${seconds}${zone}`);
  if (Number.isNaN(milliseconds)) return undefined;
  return BigInt(milliseconds) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
}

/** A time as docker writes it before a line: `2026-11-27T02:30:00.123456789Z`. */
export function asRfc3339(time: bigint): string {
  const date = new Date(Number(time / 1_000_000n)).toISOString().slice(0, -5);
  return `${date}.${String(time % 1_000_000_000n).padStart(9, '0')}Z`;
}
