import { join } from 'node:path';
import { execa } from 'execa';
import { beforeAll, expect, test } from 'vitest';
import type { Checked } from '../src/check.ts';
import type { Grade, TaskGrade } from '../src/report/grade.ts';

const WORKS = {
  right: 'return 2 * n;',
  table: 'return [0, 2, 4][n] ?? 0;',
  text: 'return String(2 * n) as never;',
  half: 'return n === 1 ? 3 : 2 * n;',
};

let told: { grades: Grade[]; again: Grade[]; checked: Checked[] };
const of = (name: keyof typeof WORKS, grades = told.grades) => {
  const [task] = grades.find((one) => one.name === name)?.tasks ?? [];
  return task as TaskGrade;
};

beforeAll(async () => {
  const { stdout } = await execa(process.execPath, [
    join(import.meta.dirname, 'course/grade.ts'),
    JSON.stringify(WORKS),
  ]);
  told = JSON.parse(stdout);
});

test('a task of groups gives the points of those whose tests pass', () => {
  expect(of('right')).toMatchObject({ state: 'passed', score: 10 });
  expect(of('half')).toMatchObject({ state: 'failed', score: 4, passed: 3, tests: 4 });
  expect(of('half').groups).toMatchObject([
    { name: 'small numbers', state: 'failed', score: 0, points: 6, passed: 1, tests: 2 },
    { name: 'any number', state: 'passed', score: 4 },
  ]);
});

test('what is tested outside of the groups is a condition of each', () => {
  expect(of('text')).toMatchObject({ state: 'failed', score: 0, story: { test: 'a number comes of it' } });
});

test('a table of answers loses, since each submission is tested with values that are its alone', () => {
  expect(of('table')).toMatchObject({ state: 'failed', score: 6 });
  const seeds = told.grades.map(({ seed }) => seed);
  expect(new Set(seeds).size).toBe(seeds.length);
  const run = (grades: Grade[]) => of('table', grades).story?.run;
  expect(run(told.grades)).toMatch(/^double\(\d{4,}\)$/);
  expect(run(told.again)).not.toBe(run(told.grades));
  expect(told.again.map(({ seed }) => seed)).toEqual(seeds.map(() => 'another'));
});

test('the check wants right solutions to pass and wrong ones to fail, and says what is missing', () => {
  const wrong = told.checked.filter((one) => one.wrong.length > 0);
  expect(wrong).toEqual([
    { name: 'task 1 has 2 impostors or more', wrong: ["it has 1: write more in step-01's test/impostors"] },
  ]);
  expect(told.checked.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      "task-1-added gets all points: Adds the number to itself, by an import that the file doesn't have.",
      'task-1-table loses points of task 1 alone: A table of the answers that the tests are known to want.',
      '"return [] as never;" gets none',
    ]),
  );
});
