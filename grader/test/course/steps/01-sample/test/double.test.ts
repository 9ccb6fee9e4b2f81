import { group, seeded, task } from 'grader';
import { expect, test } from 'vitest';
import { double } from '../src/main.ts';

task(1, { points: 10, hints: ['add it to itself'] }, () => {
  test('a number comes of it', () => {
    expect(double(1)).toBeTypeOf('number');
  });

  group('small numbers', 6, () => {
    test.each([1, 2])('%i is doubled', (n) => {
      expect(double(n)).toBe(2 * n);
    });
  });

  group('any number', 4, () => {
    test('is doubled', () => {
      const n = seeded('doubles').integer(1000, 1_000_000);
      expect(double(n)).toBe(2 * n);
    });
  });
});
