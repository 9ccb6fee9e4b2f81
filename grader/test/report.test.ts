import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, describe, expect, test } from 'vitest';
import type { Grade, TaskGrade } from '../src/report/grade.ts';
import { junit } from '../src/report/junit.ts';
import { markdown } from '../src/report/markdown.ts';
import schema from '../src/report/results.schema.json' with { type: 'json' };
import { results } from '../src/report/results.ts';
import { letters } from '../src/report/story.ts';
import { terminal } from '../src/report/terminal.ts';
import { addToSummary, writeReports } from '../src/report/write.ts';
import { readStep } from '../src/step/step.ts';

const folder = mkdtempSync(join(tmpdir(), 'boxstep-report-'));
afterAll(() => rmSync(folder, { recursive: true }));

const step = readStep(3);
const story = {
  test: '64m is 67108864 bytes',
  run: "ramInBytes('64m', '--memory')",
  expected: '67108864',
  came: '64000000',
  cause: 'expected 64000000 to be 67108864 ]]> ```',
  todo: false,
  answered: true,
};
const tasks = step.tasks.map((task, index): TaskGrade => {
  const base = { task, groups: [], ungraded: 0, tests: 4, passed: 4, failed: [], printed: '' };
  if (index === 0) return { ...base, passed: 3, score: 0, state: 'failed', story, printed: 'hello ````' };
  if (index === 1)
    return { ...base, passed: 0, score: 0, ungraded: task.points, state: 'not graded', reason: 'it takes root' };
  return { ...base, score: task.points, state: 'passed' };
});
const grade: Grade = {
  name: '/work/ann',
  step,
  tasks,
  seed: '5eed',
  isolation: 'a box',
  interrupted: false,
  broken: false,
};

test('results.json is as Gradescope wants it', () => {
  const validate = new Ajv2020({ allErrors: true }).compile(schema);
  expect(validate(JSON.parse(JSON.stringify(results(grade)))) || validate.errors).toBe(true);
  expect(validate({ ...results(grade), visibility: 'seen' })).toBe(false);
  expect(validate({ output: 'no score' })).toBe(false);
});

test('results.json has the points, and the story of what failed', () => {
  const { score, tests, extra_data, output } = results(grade);
  expect(score).toBe(40);
  expect(extra_data).toEqual({ step: 'step-03', max_score: 70, not_graded: 10, seed: '5eed', interrupted: false });
  expect(output).toContain('10 points could not be graded');
  expect(tests[0]).toMatchObject({
    number: '1',
    score: 0,
    max_score: 20,
    status: 'failed',
    tags: ['step-03', 'task-1'],
  });
  expect(tests[0]?.output).toMatch(/run +ramInBytes\('64m', '--memory'\)\nexpected +67108864\ncame +64000000/);
  expect(tests[1]).toMatchObject({ output: 'not graded: it takes root', tags: ['step-03', 'task-2', 'not-graded'] });
});

test('a task of groups has a result for each, and a line where some passed and some did not', () => {
  const [first] = tasks;
  if (!first) throw new Error('there is no task');
  const outcome = { passed: 1, tests: 2 };
  const groups = [
    { name: 'units', points: 15, state: 'failed' as const, score: 0, ...outcome },
    { name: 'rounding', points: 5, state: 'passed' as const, score: 5, ...outcome },
  ];
  const grouped = { ...grade, tasks: [{ ...first, groups, score: 5 }, ...tasks.slice(1)] };
  const [units, rounding] = results(grouped).tests;
  expect(units).toMatchObject({ number: '1.1', score: 0, max_score: 15, status: 'failed' });
  expect(rounding).toMatchObject({
    name: expect.stringContaining(': rounding'),
    number: '1.2',
    score: 5,
    status: 'passed',
  });
  expect(results(grouped).score).toBe(45);
  expect(letters(terminal(grouped))).toContain('    ✓ rounding: 5 of 5 points, 1 of 2 tests\n');
});

test('the terminal gets a line a task, and how to get a hint', () => {
  const text = letters(terminal(grade));
  expect(text).toMatch(/✗ task 1 {2}parse a size +0 of 20 {2}3 of 4 tests/);
  expect(text).toContain('a hint: pnpm homework hint 3 1');
  expect(text).toMatch(/\? task 2 .* not graded: it takes root/);
  expect(text).toContain('40 of 70 points; 10 could not be graded');
});

test('JUnit XML has a case for each task, and no text ends its section', () => {
  const xml = junit(grade);
  expect(xml).toContain('<testsuite name="step-03" tests="5" failures="1" errors="0" skipped="1">');
  const texts = xml.replaceAll(/message="[^"]*"/g, '');
  expect(texts.split(']]>').length).toBe(texts.split('<![CDATA[').length);
});

describe('the summary in Markdown', () => {
  test('has a row for each task, and what a student’s code said cannot leave its block', () => {
    const text = markdown(grade);
    expect(text).toContain('| 1. parse a size | ❌ | 0 of 20 | 3 of 4 |');
    expect(text).toContain('`````text\n3 of 4 tests pass');
  });

  test('is added to that of the job where GitHub wants it', () => {
    const file = join(folder, 'summary');
    addToSummary(grade, file);
    addToSummary(grade, file);
    expect(readFileSync(file, 'utf8').match(/## step-03/g)).toHaveLength(2);
  });
});

test('all reports are written, to a folder that need not be there', () => {
  const out = join(folder, 'a/b');
  writeReports(grade, out);
  expect(JSON.parse(readFileSync(join(out, 'results.json'), 'utf8'))).toEqual(results(grade));
  expect(readFileSync(join(out, 'junit.xml'), 'utf8')).toBe(junit(grade));
  expect(readFileSync(join(out, 'summary.md'), 'utf8')).toBe(markdown(grade));
});

test('a text of a student’s does nothing to a terminal', () => {
  expect(letters('a\x1b[2Jb\x07c\td\ne\u202ef')).toBe('ab\ufffdc\td\ne\ufffdf');
});
