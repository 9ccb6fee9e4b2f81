import { group, seeded, task } from 'grader';
import { describe, expect, test } from 'vitest';
import { nthRange, type Range, without } from '../src/ranges/range.ts';

/** All places of a pool, in order. */
function places(pool: readonly Range[], count: number): number[] {
  const most = Math.floor(pool.reduce((sum, range) => sum + range.count, 0) / count) + 2;
  const all = Array.from({ length: most }, (_, nth) => nthRange(pool, count, nth));
  const end = all.indexOf(undefined);
  expect(end, `a pool for no more than ${most - 2} containers comes to an end`).toBeGreaterThanOrEqual(0);
  expect(all.slice(end), 'behind the last place there is none').toEqual(all.slice(end).map(() => undefined));
  return all.slice(0, end) as number[];
}

const within = (pool: readonly Range[], first: number, count: number) =>
  pool.some((range) => first >= range.first && first + count <= range.first + range.count);

task(
  2,
  {
    points: 25,
    hints: [
      'A range of 100 ids has places for 3 containers of 30. Which is the nth place, if the first range has fewer than n?',
      'Math.floor(range.count / count) places are in a range, `count` ids apart. If nth is less than that, it is one of these; otherwise take them off nth, and go on with the next range.',
    ],
  },
  () => {
    group('each place is another’s', 13, () => {
      test('a range that is as long as a place is one', () => {
        expect(places([{ first: 100_000, count: 65_536 }], 65_536)).toEqual([100_000]);
        expect(places([{ first: 0, count: 1 }], 1), '0 is an id, too').toEqual([0]);
      });

      test('as many as fit, and no two have an id in common', () => {
        const any = seeded('task 2');
        const [first, count, many] = [any.integer(1, 2 ** 30), any.integer(2, 5000), any.integer(3, 9)];
        const pool = [{ first, count: count * many }];
        const all = places(pool, count).toSorted((one, other) => one - other);
        expect(all, `${many} containers of ${count} ids fit into ${count * many}`).toHaveLength(many);
        const distances = all.slice(1).map((place, nth) => place - (all[nth] ?? 0));
        expect(Math.min(...distances), `the first ids of two places are ${count} apart`).toBeGreaterThanOrEqual(count);
        for (const place of all) expect(within(pool, place, count), `${place} and the rest are the pool's`).toBe(true);
      });

      test('the ranges of a pool come one after another', () => {
        const pool = [
          { first: 5000, count: 200 },
          { first: 9000, count: 300 },
          { first: 7000, count: 100 },
        ];
        const all = places(pool, 100);
        expect(all.toSorted(), 'two in the first, three in the second, one in the third').toEqual([
          5000, 5100, 7000, 9000, 9100, 9200,
        ]);
        expect(nthRange(pool, 100, 5), 'the last range has the last place').toBe(7000);
      });
    });

    group('and lies in one range alone', 12, () => {
      test('leftover ids at the end of a range aren’t a place', () => {
        const any = seeded('task 2, ends');
        const [first, count, rest] = [any.integer(100, 9999), any.integer(10, 99), any.integer(1, 9)];
        const pool = [
          { first, count: 2 * count + rest },
          { first: first + 100_000, count: count - 1 },
          { first: first + 200_000, count },
        ];
        const all = places(pool, count);
        expect(all, `of ${count} ids, two places are in the first range, and one in the third`).toHaveLength(3);
        const beyond = all.filter((place) => !within(pool, place, count));
        expect(beyond, `of ranges ${JSON.stringify(pool)}, ${count} ids from these on are not all`).toEqual([]);
      });

      test('two ranges side by side are still two: each is one line of a map', () => {
        const pool = [
          { first: 10, count: 5 },
          { first: 15, count: 5 },
        ];
        expect(places(pool, 5).toSorted()).toEqual([10, 15]);
        expect(places(pool, 6), 'six ids would be of two ranges').toEqual([]);
      });

      test('without ranges there is no place', () => {
        expect(places([{ first: 5, count: 5 }], 5)).toEqual([5]);
        expect(nthRange([], 1, 0)).toBeUndefined();
        expect(nthRange([{ first: 5, count: 5 }], 6, 0)).toBeUndefined();
      });
    });
  },
);

describe('what is left of a range', () => {
  const range = { first: 100, count: 100 };
  test.each<[string, Range[], Range[]]>([
    ['all, without others', [], [range]],
    [
      'all, if the others lie beside it',
      [
        { first: 0, count: 100 },
        { first: 200, count: 5 },
      ],
      [range],
    ],
    [
      'both sides of one in it',
      [{ first: 150, count: 10 }],
      [
        { first: 100, count: 50 },
        { first: 160, count: 40 },
      ],
    ],
    ['its end', [{ first: 50, count: 60 }], [{ first: 110, count: 90 }]],
    ['its beginning', [{ first: 190, count: 60 }], [{ first: 100, count: 90 }]],
    ['nothing', [{ first: 0, count: 1000 }], []],
    [
      'what several leave, in whatever order they come and overlap',
      [
        { first: 160, count: 20 },
        { first: 120, count: 20 },
        { first: 130, count: 5 },
      ],
      [
        { first: 100, count: 20 },
        { first: 140, count: 20 },
        { first: 180, count: 20 },
      ],
    ],
  ])('is %s', (_, others, left) => {
    expect(without(range, others)).toEqual(left);
  });
});
