import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, expect, test } from 'vitest';
import { readClassFile, rulesOf } from '../../src/class/rules/class-file.ts';
import { byRules } from '../../src/platforms/by-rules.ts';
import schema from '../../src/report/results.schema.json' with { type: 'json' };
import { results } from '../../src/report/results.ts';
import { readStep } from '../../src/step/step.ts';
import { stub, write } from './made.ts';

const folder = mkdtempSync(join(tmpdir(), 'boxstep-by-rules-'));
afterAll(() => rmSync(folder, { recursive: true }));
const step = readStep(3);

async function report(text: string, now = '2026-11-21T00:00:00Z') {
  const file = join(folder, 'class.yml');
  write(file, text);
  const files = new Map([['src/sizes.ts', '// right: 1 2 4 5']]);
  const [grade] = await stub(step, [{ name: 'ann', files }]);
  if (!grade) throw new Error('nothing was graded');
  return byRules(results(grade), grade, rulesOf(readClassFile(file, step), step), Date.parse(now));
}

test('Gradescope gives the points of a class.yml, and they add up to the score', async () => {
  const one = await report('steps:\n  3:\n    tasks: { 1: { points: 40 }, 2: { extra: true }, 3: { points: 7 } }\n');
  const sum = (key: 'score' | 'max_score') => one.tests.reduce((all, test) => all + test[key], 0);
  expect([one.score, sum('score')]).toEqual([80, 80]); // 40, 10 extra, 0 of 7, 15, 15
  expect([one.extra_data.max_score, sum('max_score')]).toEqual([77, 77]);
  expect(new Ajv2020().validate(schema, JSON.parse(JSON.stringify(one)))).toBe(true);
});

test('and shows a task when it says, with no score in words before', async () => {
  const text =
    'steps:\n  3:\n    tasks: { 1: { hidden: due }, 2: { hidden: published }, 3: { hidden: 2026-11-22 12:00 } }\n';
  const seen = async (now?: string) => {
    const { tests } = await report(text, now);
    return [1, 2, 3, 4].map((task) => tests.find(({ number }) => number.startsWith(`${task}`))?.visibility);
  };
  expect(await seen()).toEqual(['after_due_date', 'after_published', 'hidden', 'visible']);
  expect((await seen('2026-11-22T12:00:00Z'))[2]).toBe('visible');
  expect((await report(text)).output).not.toMatch(/\d+ of \d+ points/);
  expect((await report('attempts: best\n')).output).toMatch(/^\d+ of 70 points/);
});
