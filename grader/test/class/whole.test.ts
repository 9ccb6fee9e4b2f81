import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { readRoster } from '../../src/class/book/roster.ts';
import { cellOf, readTable } from '../../src/class/book/table.ts';
import { type Book, plainBook } from '../../src/class/book.ts';
import { gradeClass, told } from '../../src/class/class.ts';
import { readClassFile } from '../../src/class/rules/class-file.ts';
import { readStep } from '../../src/step/step.ts';
import { DUE, people, type Somebody, stub, write } from './made.ts';
import { FORMS } from './platforms.ts';

// Without its fsync(2) for each of 4000 files, which a busy disk takes half a minute for.
vi.mock('write-file-atomic', async () => ({ default: { sync: (await import('node:fs')).writeFileSync } }));

const folder = mkdtempSync(join(tmpdir(), 'boxstep-whole-'));
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(() => void vi.spyOn(process.stderr, 'write').mockReturnValue(true)); // the progress of 800 submissions

const step = readStep(3);
const class_ = people(step);
const WHOLE = step.tasks.reduce((sum, { points }) => sum + points, 0);

/** One late by two days is excused, one's task is given by hand. */
const RULES = `timezone: Europe/Vienna
late: { grace: 15 min, each: 1 day, costs: 10 %, most: 30 % }
steps:
  3: { due: 2026-11-20 23:59 }
extensions:
  - { student: s10@example.edu, until: 2026-11-23 12:00, why: ill }
  - { student: s10, until: 2026-11-23 12:00, why: ill }
overrides:
  - { student: s11@example.edu, step: 3, points: 42, by: J. Doe, why: the idea was right }
  - { student: s11, step: 3, points: 42, by: J. Doe, why: the idea was right }
`;
const OVERRIDDEN = 11;
const EXTENDED = 10;

/** What somebody must get. Canvas says who is late, and not by how much. */
function expected(one: Somebody, at: number, platform: string): number {
  if (at === OVERRIDDEN) return 42;
  const raw = step.tasks.reduce((sum, task) => sum + (one.right?.includes(task.number) ? task.points : 0), 0);
  const days = one.late <= 15 || at === EXTENDED ? 0 : platform === 'Canvas' ? 1 : Math.ceil((one.late - 15) / 1440);
  return Math.round(raw * (1 - days / 10) * 100) / 100;
}

describe.each(FORMS)('a class of 120 in the form of $name', (form) => {
  const place = join(folder, form.name);
  const paths = form.write(step, place, class_);
  write(join(place, 'class.yml'), RULES);
  const rules = readClassFile(join(place, 'class.yml'), step);
  const book: Book = {
    roster: readRoster(paths, rules.timezone),
    rules,
    now: DUE + 10 * 86_400_000,
  };
  const out = join(place, 'out');
  const graded = (more: Partial<Book> = {}) =>
    gradeClass(step, join(place, 'submissions'), { out, jobs: 1, book: { ...book, ...more }, grader: stub });

  test('is graded whole: late ones, an extension, missing ones and an override', async () => {
    const { summary, left, wrong } = await graded();
    expect({ left, wrong, notRoster: book.roster.wrong }).toEqual({ left: 0, wrong: [], notRoster: [] });
    const marks = summary?.entries.map(({ mark }) => mark) ?? [];
    expect(marks.map(({ score }) => score)).toEqual(class_.map((one, at) => expected(one, at, form.name)));
    expect(marks.map(({ state }) => state === 'missing')).toEqual(class_.map(({ right }) => right === undefined));
    expect(marks[EXTENDED]?.applied[0]).toBe('extended to 2026-11-23 12:00: ill');
    expect(marks[OVERRIDDEN]?.applied.at(-1)).toMatch(/^all: 42 instead of [\d.]+, by J\. Doe: the idea was right$/);
    expect(marks[9]?.applied.join()).toMatch(/late.*: −[\d.]+ \(10 % for each day begun, 30 % at most\)/);
  });

  test('gives the grades back in the file that came, and changes nothing else in it', () => {
    const path = paths.at(-1) ?? '';
    const [before, after] = [path, join(out, 'import', basename(path))].map((one) => readTable(readFileSync(one)));
    if (!before || !after) throw new Error('there is no file');
    expect(after.form).toEqual(before.form);
    const scale = form.name === 'Canvas' || form.name === 'Moodle' ? 100 / WHOLE : 1;
    const cells = new Map(after.rows.map((row) => [cellOf(after, row, form.idColumn), row]));
    for (const [at, one] of class_.entries()) {
      const row = cells.get(form.id(one));
      if (!row) {
        expect([form.name, one.right]).toEqual(['GitHub Classroom', undefined]); // its grades list who has a repository
        continue;
      }
      const said = form.name === 'Canvas' ? 'EX' : form.name === 'Moodle' ? '' : undefined; // by an instructor, before
      const isSaid = (form.name === 'Canvas' && at === 5) || (form.name === 'Moodle' && at === 6);
      const points = Math.round(expected(one, at, form.name) * scale * 100) / 100;
      expect([at, cellOf(after, row, form.column)]).toEqual([at, isSaid ? said : String(points)]);
    }
    const filled = [form.column, 'Feedback comments', 'Status', 'Max Points', 'points_available'];
    const rest = after.header.filter((name) => !filled.includes(name));
    const pick = (table: typeof after) => table.rows.map((row) => rest.map((name) => cellOf(table, row, name)));
    expect(pick(after)).toEqual(pick(before));
  });

  test('is graded again after a fix: who gained and who lost is told, with the reason, and the override stays', async () => {
    const again = await gradeClass(step, join(place, 'submissions'), {
      ...{ out, jobs: 1, seconds: 11 }, // another version of the grader
      book: { ...book, why: 'task 1 was graded too strictly' },
      grader: (one, works, grading) => stub(one, works.map(withTask1), grading),
    });
    const gained = class_.filter(({ right }, at) => right && !right.includes(1) && at !== OVERRIDDEN);
    expect(again.summary?.changes.map(({ id }) => id)).toHaveLength(gained.length);
    expect(again.summary?.changes[0]?.why.slice(0, 3)).toEqual([
      'task 1 was graded too strictly',
      'the tests or the grader changed',
      expect.stringMatching(/^task 1: 0 → \d+$/),
    ]);
    expect(again.summary?.entries[OVERRIDDEN]?.mark.score).toBe(42);
    expect(told(again, out)).toContain(`${gained.length} gained and 0 lost points`);
    const changes = parse(readFileSync(join(out, 'changes.csv')), { columns: true }) as { by: string }[];
    expect(changes.every(({ by }) => Number(by) > 0)).toBe(true);
    const history = JSON.parse(readFileSync(join(out, 'history.json'), 'utf8'));
    expect(history[again.summary?.changes[0]?.id ?? '']).toHaveLength(2);
  });
});

function withTask1<T extends { files: ReadonlyMap<string, unknown> }>(work: T): T {
  const files = new Map(
    [...work.files].map(([path, text]) => [path, String(text).replace(/^\/\/ right: /, '// right: 1 ')]),
  );
  return { ...work, files };
}

test('what a shard that died has left is graded by another, and nothing twice', async () => {
  const place = join(folder, 'shards');
  const [form] = FORMS;
  form?.write(step, place, people(step, 24));
  const run = (out: string, more: object) =>
    gradeClass(step, join(place, 'submissions'), {
      out: join(place, out),
      jobs: 1,
      book: plainBook(),
      grader: stub,
      ...more,
    });
  await run('one', { shard: { index: 1, count: 2 } });
  const dies = new AbortController();
  const dying: typeof stub = async (_, works, { onWork, ...grading } = {}) => {
    await stub(step, works.slice(0, 4), { ...grading, ...(onWork && { onWork }) });
    dies.abort();
    return [];
  };
  const dead = await run('two', { shard: { index: 2, count: 2 }, grader: dying, signal: dies.signal });
  expect(dead).toMatchObject({ rows: { length: 4 }, left: 6 });
  const graded: string[] = [];
  const counting: typeof stub = (one, works, grading) => {
    graded.push(...works.map(({ name }) => name));
    return stub(one, works, grading);
  };
  const whole = await run('whole', {
    from: [join(place, 'one'), join(place, 'two'), join(place, 'none')],
    grader: counting,
  });
  expect(whole).toMatchObject({ before: 11 + 4, left: 0, rows: { length: 21 } });
  expect(graded).toHaveLength(6);
});
