import { z } from 'zod';

/** A length of time, as class.yml says it. */
const UNITS: Readonly<Record<string, number>> = {
  min: 60,
  minute: 60,
  h: 3600,
  hour: 3600,
  day: 86_400,
  week: 604_800,
};

/** `15 min`, `1 day`, `2 weeks`: in milliseconds. */
export const duration = z.string().transform((text, context) => {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)\s*([a-z]+?)s?$/.exec(text) ?? [];
  const seconds = Object.hasOwn(UNITS, unit) ? UNITS[unit] : undefined;
  if (seconds !== undefined) return Number(number) * seconds * 1000;
  context.addIssue(`expected a length of time such as "15 min" or "1 day", got ${JSON.stringify(text)}`);
  return z.NEVER;
});

/** Points, or a share of them. */
export type Share = { readonly points: number } | { readonly percent: number };

/** `5`, or `10 %`. */
export const share = z
  .union([z.number(), z.string()], { error: 'expected points, or a share such as "10 %"' })
  .transform((value, context): Share => {
    if (typeof value === 'number') return { points: value };
    const [, percent] = /^(\d+(?:\.\d+)?)\s*%$/.exec(value) ?? [];
    if (percent !== undefined) return { percent: Number(percent) };
    context.addIssue(`expected points, or a share such as "10 %", got ${JSON.stringify(value)}`);
    return z.NEVER;
  });

export function partOf(share: Share, whole: number): number {
  return 'points' in share ? share.points : (share.percent * whole) / 100;
}

export function shownShare(share: Share): string {
  return 'points' in share ? `${share.points} points` : `${share.percent} %`;
}

/** A point in time as it was written: `2026-11-20 23:59`, where a day alone is its end. */
export const moment = z.string().refine(
  (text) => {
    try {
      instantOf(text, 'UTC');
      return true;
    } catch {
      return false;
    }
  },
  { error: ({ input }) => `expected a time such as "2026-11-20 23:59", got ${JSON.stringify(input)}` },
);

/** In milliseconds since 1970. @throws {RangeError} if it is no time */
export function instantOf(text: string, zone: string): number {
  const iso = text.trim().replace(' ', 'T');
  if (/(Z|[+-]\d\d:?\d\d)$/.test(iso)) return Temporal.Instant.from(iso).epochMilliseconds;
  const plain = iso.includes('T') ? iso : `${iso}T23:59:59`;
  return Temporal.PlainDateTime.from(plain, { overflow: 'reject' }).toZonedDateTime(zone).epochMilliseconds;
}

/** `2026-11-20 23:59` */
export function shownTime(time: number, zone: string): string {
  const at = Temporal.Instant.fromEpochMilliseconds(time).toZonedDateTimeISO(zone).toPlainDateTime();
  return at.toString({ smallestUnit: 'minute' }).replace('T', ' ');
}

/** `2 days 3 h`, `20 min` */
export function shownDuration(milliseconds: number): string {
  const minutes = Math.ceil(milliseconds / 60_000);
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60)];
  if (days > 0) return `${days} ${days === 1 ? 'day' : 'days'}${hours > 0 ? ` ${hours} h` : ''}`;
  return hours > 0 ? `${hours} h${minutes % 60 > 0 ? ` ${minutes % 60} min` : ''}` : `${minutes} min`;
}
