import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { needs } from '../../test/needs.ts';
import { kept, type Row } from '../src/class/row.ts';
import { readStep } from '../src/step/step.ts';
import { ROOT } from '../src/step/workspace.ts';
import { writeMixed } from './mixed.ts';

beforeEach(needs('root'));

const folder = mkdtempSync(join(tmpdir(), 'boxstep-class-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const step = readStep(3);
const submissions = join(folder, 'submissions');
const made = writeMixed(step, submissions, 8);

function homework(...args: string[]) {
  const words = ['--', join(ROOT, 'grader/src/main.ts'), ...args];
  return execa(process.execPath, words, { reject: false, all: true, buffer: true, timeout: 600_000 });
}

const out = (name: string) => join(folder, name);
const gradeAll = (to: string, ...more: string[]) =>
  homework('grade', '3', '--all', submissions, '--jobs', '2', '--seconds', '5', '--out', out(to), ...more);
const rows = (name: string) => made.map(({ student }) => kept(out(name), student) as Row);
const written = (name: string, student: string) => statSync(join(out(name), 'students', student, 'grade.json')).mtimeMs;

/** Everything that was graded by a time, by when it was. */
function done(name: string): Map<string, number> {
  const students = made.map(({ student }) => student).filter((student) => kept(out(name), student));
  return new Map(students.map((student) => [student, written(name, student)]));
}

describe('a class of eight, with hostile and broken work among it', () => {
  let before: Map<string, number>;
  let resumed: string;

  beforeAll(async () => {
    if (process.geteuid?.() !== 0) return;
    const killed = gradeAll('whole');
    let lines = '';
    killed.all?.on('data', (text) => {
      lines += text;
      if (/^ *3\/8/m.test(lines)) killed.kill('SIGKILL');
    });
    expect(await killed).toMatchObject({ signal: 'SIGKILL' });
    before = done('whole');
    const again = await gradeAll('whole');
    expect(again.exitCode, again.all).toBe(0);
    resumed = again.all ?? '';
  }, 600_000);

  test('that is killed in the middle goes on where it stopped: nobody is graded twice', () => {
    expect(before.size).toBeGreaterThanOrEqual(3);
    expect(before.size).toBeLessThan(8);
    for (const [student, time] of before) expect(written('whole', student), student).toBe(time);
    expect(resumed).toContain(`graded now: ${8 - before.size} in`);
    expect(resumed).toContain(`before: ${before.size}`);
  });

  test('gives each the points of what is right, and costs nobody else', () => {
    const some = step.tasks.map(({ points }) => ({ asymmetricMatch: (score: number) => score < points }));
    const points = rows('whole').map(({ student, tasks }) => ({ student, points: tasks.map(({ score }) => score) }));
    expect(points).toEqual(made.map((one) => ({ ...one, points: one.points.map((each, task) => each ?? some[task]) })));
    expect(rows('whole').map(({ state }) => state)).toEqual(made.map(() => 'graded'));
    const lines = readFileSync(join(out('whole'), 'grades.csv'), 'utf8')
      .trim()
      .split('\n')
      .slice(1);
    const totals = Object.fromEntries(lines.map((line) => [line.split(',')[0], Number(line.split(',')[7])]));
    expect(totals).toEqual(Object.fromEntries(rows('whole').map(({ student, score }) => [student, score])));
    expect(readFileSync(join(out('whole'), 'index.html'), 'utf8')).not.toContain('<script>alert');
  });

  test('is not graded again, but for who changed something', async () => {
    const times = done('whole');
    const [changed] = writeMixed(step, submissions, 1);
    if (!changed) throw new Error('there is nobody');
    const file = join(submissions, changed.student, 'src/sizes.ts');
    writeFileSync(file, `${readFileSync(file, 'utf8')}\n// thought about it again\n`);
    expect((await gradeAll('whole')).all).toContain('before: 7');
    for (const [student, time] of times) {
      expect(written('whole', student) === time, student).toBe(student !== changed.student);
    }
  }, 600_000);

  test('comes to the same in two shards that are merged', async () => {
    for (const shard of ['1', '2']) {
      const { exitCode, all } = await gradeAll(`shard-${shard}`, '--shard', `${shard}/2`);
      expect(exitCode, all).toBe(0);
    }
    const merged = await homework('merge', out('shard-1'), out('shard-2'), '--out', out('merged'));
    expect(merged.exitCode, merged.all).toBe(0);
    expect(rows('merged')).toEqual(rows('whole'));
    for (const file of ['grades.csv', 'index.html', 'class.json']) {
      expect(readFileSync(join(out('merged'), file), 'utf8'), file).toBe(
        readFileSync(join(out('whole'), file), 'utf8'),
      );
    }
  }, 600_000);
});
