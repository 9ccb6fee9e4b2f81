import type { Healthcheck } from './healthcheck.ts';
import type { Check, Health } from './state.ts';

/** How many checks are remembered. */
const REMEMBERED = 5;

/** What is so unless a healthcheck says otherwise; times in nanoseconds. */
const DEFAULTS = { Interval: 30e9, Timeout: 30e9, StartPeriod: 0, StartInterval: 5e9, Retries: 3 };

/** A healthcheck with its defaults, and times in milliseconds. */
export function timesOf(given: Healthcheck) {
  const of = (name: Exclude<keyof typeof DEFAULTS, 'Retries'>) => (given[name] || DEFAULTS[name]) / 1e6;
  return {
    interval: of('Interval'),
    timeout: of('Timeout'),
    startPeriod: of('StartPeriod'),
    startInterval: of('StartInterval'),
    retries: given.Retries || DEFAULTS.Retries,
  };
}

/** Milliseconds until the next check. @param sinceStart - how long it has run */
export function waitOf({ status }: Health, times: ReturnType<typeof timesOf>, sinceStart: number): number {
  return status === 'starting' && sinceStart < times.startPeriod ? times.startInterval : times.interval;
}

/** A container's health after one more check. While it starts, a failure says nothing. */
export function judged(before: Health, check: Check, times: ReturnType<typeof timesOf>, startedAt: number): Health {
  const log = [...before.log, check].slice(-REMEMBERED);
  if (check.exitCode === 0) return { status: 'healthy', failingStreak: 0, log };
  const isStarting = before.status === 'starting' && check.start - startedAt < times.startPeriod;
  const failingStreak = before.failingStreak + Number(!isStarting);
  return { status: failingStreak >= times.retries ? 'unhealthy' : before.status, failingStreak, log };
}
