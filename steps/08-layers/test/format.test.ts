import { expect, test } from 'vitest';
import { ago, humanSize } from '../src/format/human.ts';

test("sizes and times are docker's", () => {
  const sizes = [0, 999, 1000, 1_234_567, 72_800_000, 4_260_000_000];
  expect(sizes.map((size) => humanSize(size))).toEqual(['0B', '999B', '1kB', '1.23MB', '72.8MB', '4.26GB']);
  const seconds = [0.2, 1, 59, 60, 3599, 3600, 7200, 172_800, 1_209_600, 5_184_000, 63_072_000];
  expect(seconds.map((one) => ago(one).replace(' ago', ''))).toEqual([
    ...['Less than a second', '1 second', '59 seconds', 'About a minute', '59 minutes', 'About an hour', '2 hours'],
    ...['2 days', '2 weeks', '2 months', '2 years'],
  ]);
});
