import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readStep, stepNumbers } from '../../src/step/step.ts';
import { ROOT } from '../../src/step/workspace.ts';

test('the syllabus has a week for each step, with the points of its tasks', () => {
  const text = readFileSync(join(ROOT, 'docs/instructors.md'), 'utf8');
  const rows = [...text.matchAll(/^\| (\d+) +\| \[\d+ .*?\]\(.*?\) +\|(?:[^|]*\|){3} (\d+) +\|/gm)];
  const points = stepNumbers().map((number) => readStep(number).tasks.reduce((sum, task) => sum + task.points, 0));
  expect(rows.map(([, week, worth]) => [Number(week), Number(worth)])).toEqual(
    stepNumbers().map((number, at) => [number, points[at]]),
  );
  expect(text).toContain(`That makes ${points.reduce((a, b) => a + b, 0)} points`);
});
