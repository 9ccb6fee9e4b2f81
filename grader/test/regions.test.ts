import { describe, expect, test } from 'vitest';
import { declared } from '../src/step/declared.ts';
import { regions, withBodies } from '../src/step/regions.ts';
import { asking, routed } from '../src/trusted/route.ts';

const SOURCE = `import { a } from './a.ts';

// #region shown in the lesson
/** Doubles. */
export function double(n: number): number {
  // #region task 2: twice as much
  const two = 2;
  return n * two;
  // #endregion
}
// #endregion

export function half(n: number): number {
  // #region task 1: half as much
  return n / 2;
  // #endregion
}
`;

describe('a task', () => {
  test('is a region of that name, in the exported function around it', () => {
    expect(regions(SOURCE)).toEqual([
      { task: 2, title: 'twice as much', function: 'double', from: 5, to: 8 },
      { task: 1, title: 'half as much', function: 'half', from: 13, to: 15 },
    ]);
  });

  test('that is in no exported function, or has no end, is none', () => {
    expect(regions('// #region task 1: x\n// #endregion')).toEqual([]);
    expect(regions('export function f() {\n// #region task 1: x\n}')).toEqual([]);
  });

  test('gets another body, and what follows stays on its line', () => {
    const changed = withBodies(SOURCE, ({ task }) => (task === 2 ? '  return 4;' : undefined));
    expect(changed).toContain('twice as much\n  return 4;\n\n  // #endregion');
    expect(changed.split('\n').indexOf('  return n / 2;')).toBe(SOURCE.split('\n').indexOf('  return n / 2;'));
  });

  test('asks for the student only where the tests run, and gives the reference to whoever needs it', () => {
    const lines = routed(SOURCE, 'src/x.ts').split('\n');
    expect(lines[5]).toContain(".call(2, 'double', arguments)");
    expect(lines.at(-2)).toContain("register('src/x.ts', { double, half })");
  });

  test('asks the reference where another one is graded', () => {
    const source = asking(SOURCE, 'src/x.ts', 1);
    expect(source).toContain("('src/x.ts', 'double', arguments)");
    expect(source).toContain('return n / 2;');
    expect(source).not.toContain('n * two');
  });
});

describe('what a task is worth', () => {
  test('is read from the tests without running them', () => {
    const source =
      "task(3, { points: 5, hints: ['a ' + 'b', `c`] }, () => { throw new Error(); });\ntest('x', () => {});";
    expect(declared(source, 'x.test.ts')).toEqual([{ task: 3, points: 5, groups: [], hints: ['a b', 'c'] }]);
  });

  test('is read with its groups', () => {
    const source =
      "task(1, { points: 5, hints: ['x'] }, () => { group('a', 2, f); describe('y', () => { group('b', 3, f); }); });";
    expect(declared(source, 'x.test.ts')).toMatchObject([
      {
        groups: [
          { name: 'a', points: 2 },
          { name: 'b', points: 3 },
        ],
      },
    ]);
  });

  test.each([
    ['task(1, { points: MANY, hints: ["x"] }, () => {})', 'must be literal: got Identifier'],
    ['task(1, { points: 0, hints: ["x"] }, () => {})', 'with points and a hint'],
    ['task(1, { points: 5, hints: [] }, () => {})', 'with points and a hint'],
    ['task(1, { points: 5, hints: ["x"] }, () => { group("a", 4, () => {}) })', 'its groups come to 4 points'],
    [
      'task(1, { points: 2, hints: ["x"] }, () => { group("a", 1, f); group("a", 1, f) })',
      'two groups of the name "a"',
    ],
    ['task(1, { points: 5, hints: ["x"] }, () => { group("a", 0, f) })', 'expected group(name, points, …)'],
    ['task(1, { points: 5, hints: ["x"] }, () => { group(A, 5, f) })', 'must be literal'],
  ])('%s is an error that names the file', (source, message) => {
    expect(() => declared(source, 'x.test.ts')).toThrow(`x.test.ts: `);
    expect(() => declared(source, 'x.test.ts')).toThrow(message);
  });
});
