import { group, seeded, task } from 'grader';
import { CLONE_NEWUSER, setresuid } from 'shared-native';
import { machine, runIn } from 'shared-native/model';
import { describe, expect, test } from 'vitest';
import { from0, type IdMap, inside, mapText, outside } from '../src/maps.ts';

/** Three ranges that leave gaps, and don't begin where a line does. */
const RANGES: readonly IdMap[] = [
  { inside: 1000, outside: 70_000, count: 10 },
  { inside: 0, outside: 100_000, count: 1 },
  { inside: 1, outside: 200_000, count: 99 },
];

task(
  1,
  {
    points: 20,
    hints: [
      'Each line of the map says: `count` ids from `inside` on are those from `outside` on. Which line has the id inside?',
      'find the range with id >= inside and id < inside + count. The id is as far from its `outside` as it was from its `inside`.',
    ],
  },
  () => {
    group('an id that has a line', 12, () => {
      test('is as far from the first outside as it was from the first inside', () => {
        expect(outside(from0(100_000, 65_536), 0), 'root is the first of them').toBe(100_000);
        expect(outside(from0(100_000, 65_536), 33), 'and 33 the one 33 further').toBe(100_033);
        expect(outside(RANGES, 1007), 'the range begins at 1000 inside').toBe(70_007);
        expect(outside(RANGES, 0), 'the lines have no order').toBe(100_000);
        expect(outside(RANGES, 99)).toBe(200_098);
      });

      test('the first and the last of a line belong to it', () => {
        const any = seeded('task 1');
        const [first, base, count] = [any.integer(1, 9999), any.integer(100_000, 999_999), any.integer(2, 65_536)];
        const map = [{ inside: first, outside: base, count }];
        expect(outside(map, first), `of ${count} ids from ${first} on, the first`).toBe(base);
        expect(outside(map, first + count - 1), 'and the last').toBe(base + count - 1);
      });

      test('is the kernel’s: a process that becomes it inside has that id outside', () => {
        const any = seeded('task 1, kernel');
        const uidMap = RANGES.map(({ inside, outside, count }) => ({ inside, outside, length: count }));
        for (const id of [0, 1, any.integer(2, 99), any.integer(1000, 1009)]) {
          const { state } = runIn(machine({ clone: CLONE_NEWUSER, uidMap }), [setresuid(id, id, id)]);
          expect(outside(RANGES, id), `user ${id} inside`).toBe(state.process.uid);
        }
      });

      test('may be id 0 outside: one user alone is root inside', () => {
        expect(outside([{ inside: 5, outside: 0, count: 1 }], 5), '0 is an id, too').toBe(0);
      });
    });

    group('an id that has none', 8, () => {
      test('is nobody: the ids on both sides of a line, and those in a gap', () => {
        const any = seeded('task 1, none');
        const one = [{ inside: 7, outside: any.integer(100_000, 200_000), count: 5 }];
        expect(outside(one, 7), 'the line has this one').toBe(one[0]?.outside);
        for (const id of [6, 12]) expect(outside(one, id), `ids 7 to 11 are mapped, and ${id} isn't`).toBeUndefined();
        for (const id of [100, 999, 1010]) expect(outside(RANGES, id), `a gap has ${id}`).toBeUndefined();
        expect(outside(RANGES, 70_003), 'that is the id outside').toBeUndefined();
      });

      test('without a line, nobody is anybody', () => {
        expect(outside(from0(1000, 1), 0)).toBe(1000);
        expect(outside([], 0)).toBeUndefined();
        expect(outside(from0(1000, 1), 1), 'one line of one id maps one').toBeUndefined();
      });
    });
  },
);

describe('maps', () => {
  test('a text has a line for each range, as user_namespaces(7) has it', () => {
    expect(mapText(RANGES)).toBe('1000 70000 10\n0 100000 1\n1 200000 99');
    expect(mapText([])).toBe('');
  });

  test('an id of the host is looked up the other way round', () => {
    expect(inside(RANGES, 70_007)).toBe(1007);
    expect(inside(RANGES, 100_000)).toBe(0);
    expect(inside(RANGES, 200_098)).toBe(99);
    for (const id of [0, 69_999, 70_010, 100_001, 200_099]) expect(inside(RANGES, id)).toBeUndefined();
  });
});
