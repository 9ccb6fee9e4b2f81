import { expect, test } from 'vitest';
import { isWanted } from '../src/command/filter.ts';

const leaves = (...filters: string[]) =>
  isWanted(filters)({
    ...{ name: 'data', createdAt: '2026-01-02T03:04:05Z', anonymous: false },
    labels: { tier: 'db', of: 'shop' },
  });

test('a filter leaves what all names match, and of each name one value', () => {
  expect(leaves('name=at', 'name=other', 'driver=local')).toBe(true);
  expect(leaves('name=at', 'driver=nfs')).toBe(false);
  expect(leaves('name=^data$')).toBe(true);
  expect(leaves('name=^at')).toBe(false);
});

test('a filter leaves only what has all of several labels, and none that it must not have', () => {
  expect(leaves('label=tier=db', 'label=of')).toBe(true);
  expect(leaves('label=tier=db', 'label=of=school')).toBe(false);
  expect(leaves('label!=of=school', 'label!=of=shop')).toBe(false);
});

test.each([
  ['colour=red', "invalid filter 'colour'"],
  ['dangling=maybe', "invalid filter 'dangling=[maybe]'"],
  ['name', 'expected name=value'],
])('a filter %s is refused', (filter, message) => {
  expect(() => leaves(filter)).toThrow(message);
});
