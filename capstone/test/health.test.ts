import { describe, expect, test } from 'vitest';
import { nanoseconds } from '../src/health/duration.ts';
import { healthcheckOf } from '../src/health/flags.ts';
import { judged, timesOf, waitOf } from '../src/health/judge.ts';
import type { Check, Health } from '../src/health/state.ts';

const image = { Test: ['CMD', 'true'], Interval: 1e9, Retries: 7 };

// As docker/cli's opts.go and moby's daemon merge them.
describe('a healthcheck', () => {
  test('is the image’s where flags don’t say otherwise', () => {
    expect(healthcheckOf({})).toBeUndefined();
    expect(healthcheckOf({ healthTimeout: 5e9 })).toBeUndefined();
    expect(healthcheckOf({}, image)).toEqual(image);
    expect(healthcheckOf({ healthInterval: 5e9, healthCmd: 'exit 1' }, image)).toEqual({
      ...{ Test: ['CMD-SHELL', 'exit 1'], Interval: 5e9, Retries: 7 },
    });
    expect(healthcheckOf({ healthcheck: false }, image)).toEqual({ Test: ['NONE'] });
  });

  test.each([
    [{ healthcheck: false, healthCmd: 'true' }, '--no-healthcheck conflicts with --health-* options'],
    [{ healthRetries: -1 }, '--health-retries cannot be negative'],
    [{ healthStartPeriod: -1 }, '--health-start-period cannot be negative'],
  ])('%j is refused', (flags, message) => {
    expect(() => healthcheckOf(flags)).toThrow(message);
  });
});

test.each([
  ['30s', 30e9],
  ['1m30s', 90e9],
  ['1.5h', 5400e9],
  ['500ms', 5e8],
  ['-1s', -1e9],
  ['0', 0],
])('%s is %d nanoseconds', (text, expected) => {
  expect(nanoseconds(text)).toBe(expected);
});

test.each(['', '1', '1x', 's', '1s '])('%j is no time', (text) => {
  expect(() => nanoseconds(text)).toThrow(/^time: invalid duration/);
});

describe('a container’s health', () => {
  const times = timesOf({ StartPeriod: 10e9, Retries: 2 });
  const starting: Health = { status: 'starting', failingStreak: 0, log: [] };
  const check = (exitCode: number, start: number): Check => ({ start, end: start + 1, exitCode, output: '' });
  const after = (...checks: Check[]) => checks.reduce((health, one) => judged(health, one, times, 0), starting);

  test('is what the last checks say', () => {
    expect(after(check(0, 1)).status).toBe('healthy');
    expect(after(check(1, 20_000))).toMatchObject({ status: 'starting', failingStreak: 1 });
    expect(after(check(1, 20_000), check(1, 30_000))).toMatchObject({ status: 'unhealthy', failingStreak: 2 });
    expect(after(check(0, 1), check(1, 2), check(0, 3))).toMatchObject({ status: 'healthy', failingStreak: 0 });
    expect(after(...[1, 2, 3, 4, 5, 6].map((start) => check(0, start))).log.map(({ start }) => start)).toEqual([
      2, 3, 4, 5, 6,
    ]);
  });

  test('is not worse for a failure while it starts, but for one after it was well', () => {
    expect(after(check(1, 1), check(1, 2), check(1, 3))).toMatchObject({ status: 'starting', failingStreak: 0 });
    expect(after(check(0, 1), check(1, 2), check(1, 3)).status).toBe('unhealthy');
  });

  test('is asked for more often while it starts', () => {
    expect(waitOf(starting, times, 0)).toBe(5000);
    expect(waitOf(starting, times, 10_000)).toBe(30_000);
    expect(waitOf(after(check(0, 1)), times, 0)).toBe(30_000);
  });
});
