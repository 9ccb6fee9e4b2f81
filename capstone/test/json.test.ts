import { expect, test } from 'vitest';
import { fromJson, toJson } from '../src/containers/json.ts';

test('numbers that JSON lacks come back, wherever they are, and what only looks like one stays', () => {
  const value = {
    pidsLimit: Number.POSITIVE_INFINITY,
    ulimits: [{ name: 'nofile', soft: 2n ** 64n - 1n, hard: 1n }],
    labels: { $bigint: 5, text: '{"$number":"1"}', none: null },
  };
  expect(fromJson(toJson(value))).toEqual(value);
  expect(fromJson(toJson(7n))).toBe(7n);
  expect(() => fromJson('{')).toThrow(SyntaxError);
});
