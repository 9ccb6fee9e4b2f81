import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { Command } from 'commander';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { marksOf, plainBook } from '../src/class/book.ts';
import { csv } from '../src/class/csv.ts';
import { handedIn } from '../src/class/handed-in/handed-in.ts';
import type { Manifest } from '../src/class/manifest.ts';
import { merge } from '../src/class/merge.ts';
import { page } from '../src/class/page/page.ts';
import { named } from '../src/class/page/seen.ts';
import { fileOf, folderOf, kept, type Row } from '../src/class/row.ts';
import { shardOf, shareOf } from '../src/class/shard.ts';
import { writeClass } from '../src/class/summary.ts';
import { versionOf } from '../src/class/version.ts';
import { commands } from '../src/commands.ts';
import { readStep } from '../src/step/step.ts';
import { ROOT } from '../src/step/workspace.ts';
import { hashOf, readFiles } from '../src/submission/files.ts';

const folder = mkdtempSync(join(tmpdir(), 'boxstep-class-'));
afterAll(() => rmSync(folder, { recursive: true }));
const step = readStep(3);

function write(path: string, text = ''): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

describe('the students of a folder', () => {
  const read = (class_: string) => handedIn(step, join(folder, class_), join(folder, 'scratch'));
  const found = async (class_: string) => (await read(class_)).students;

  test('are found in each layout: bare, one deeper, GitHub Classroom’s clone of an export, a whole clone', async () => {
    write('layouts/ann/src/sizes.ts');
    write('layouts/ben/step-03/src/sizes.ts');
    write('layouts/step-03-cid/steps/03-limits/src/sizes.ts');
    write('layouts/dee/boxstep/homework/step-03/src/sizes.ts');
    write('layouts/__MACOSX/ann/src/sizes.ts');
    write('layouts/notes.txt');
    expect(
      (await found('layouts')).map(({ student, directory }) => [student, directory.split(`${student}`)[1]]),
    ).toEqual([
      ['ann', ''],
      ['ben', '/step-03'],
      ['dee', '/boxstep/homework/step-03'],
      ['step-03-cid', '/steps/03-limits'],
    ]);
  });

  test('have the names that Gradescope gives', async () => {
    write('gradescope/submission_123/src/sizes.ts');
    const metadata =
      'submission_123:\n  :submitters:\n  - :name: Ann Lee\n    :sid: "7"\n  - :name: Ben\n  :score: 0.0\n';
    write('gradescope/submission_metadata.yml', metadata);
    expect(await found('gradescope')).toMatchObject([{ student: 'submission_123', name: 'Ann Lee, Ben' }]);
  });

  test('whose work isn’t there, is in two places, or a link, are told of', async () => {
    write('wrong/empty/readme.txt');
    write('wrong/zipped/work.7z');
    write('wrong/two/a/src/sizes.ts');
    write('wrong/two/b/src/sizes.ts');
    symlinkSync(step.directory, join(folder, 'wrong/link'));
    expect((await found('wrong')).map(({ student, wrong }) => [student, wrong])).toEqual([
      ['empty', expect.stringContaining('there is no src/')],
      ['link', 'a link, which is not followed'],
      ['two', 'which is it: a or b?'],
      ['zipped', 'work.7z is an archive of a kind that isn’t read: zip and tar.gz are'],
    ]);
  });

  test('who linked the reference into their folder have nothing there', async () => {
    mkdirSync(join(folder, 'cheat/eve'), { recursive: true });
    symlinkSync(step.directory, join(folder, 'cheat/eve/step-03'));
    expect(await found('cheat')).toMatchObject([{ wrong: expect.stringContaining('there is no') }]);
  });

  test('have names that are bytes: two that differ in one are two, and none stops the class', async () => {
    for (const name of ['L\xe9a', 'L\xe8a']) {
      const path = Buffer.from(join(folder, 'latin', name), 'latin1');
      mkdirSync(Buffer.concat([path, Buffer.from('/src')]), { recursive: true });
      writeFileSync(Buffer.concat([path, Buffer.from('/src/sizes.ts')]), `// ${name}`);
    }
    write('latin/Léa/src/sizes.ts', '// utf-8');
    write('latin/L\\xe9a/src/sizes.ts', '// backslash');
    write('latin/two\nlines\u001b[2J/src/sizes.ts', '// control');
    const all = await found('latin');
    expect(all.map(({ student }) => student)).toEqual([
      'L\\\\xe9a',
      'L\\xe8a',
      'L\\xe9a',
      'Léa',
      'two\\x0alines\\x1b[2J',
    ]);
    const texts = all.map(({ directory }) => readFiles(step, directory).get('src/sizes.ts'));
    expect(texts).toEqual(['// backslash', '// Lèa', '// Léa', '// utf-8', '// control']);
    expect(all.map(({ wrong }) => wrong)).toEqual(all.map(() => undefined));
  });

  test.each([
    ['submission_1:\n  :submitters:\n  - :name: "Ann\n', 'submission_metadata.yml, line 4: '],
    ['submission_1:\n  :submitters: *none\n', 'submission_metadata.yml'],
    ['submission_1: ~\n', 'submission_metadata.yml: submission_1 has no list of submitters'],
    ['submission_1:\n\t:submitters: x\n', 'submission_metadata.yml, line 2: '],
    ['a: &a [1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n', 'submission_metadata.yml'],
    ['- just\n- a list\n', 'submission_metadata.yml'],
  ])('are graded by the names of their folders where the metadata is broken: %j', async (metadata, wrong) => {
    write('broken/submission_1/src/sizes.ts');
    write('broken/submission_metadata.yml', metadata);
    const roster = await read('broken');
    expect(roster.students).toMatchObject([{ student: 'submission_1' }]);
    expect(roster.wrong[0]).toContain(wrong);
  });

  test('keep their names where another one’s entry is broken', async () => {
    write('entry/submission_1/src/sizes.ts');
    write('entry/submission_metadata.yml', 'submission_1:\n  :submitters:\n  - :name: Ann\nsubmission_2: 5\n');
    const roster = await read('entry');
    expect(roster.students).toMatchObject([{ name: 'Ann' }]);
    expect(roster.wrong).toEqual(['submission_metadata.yml: submission_2 has no list of submitters']);
  });

  test('must be at least one', async () => {
    mkdirSync(join(folder, 'none'), { recursive: true });
    await expect(found('none')).rejects.toThrow('expected one for each student');
    await expect(found('nowhere')).rejects.toThrow('there is no');
  });
});

test.each(['0/3', '4/3', '3', 'a/b', '1/0', '-1/2'])('%s is no shard', (text) => {
  expect(() => shardOf(text)).toThrow('expected --shard to be such as 3/10');
});

test('shards are all students, each once', () => {
  const all = Array.from({ length: 100 }, (_, at) => ({ student: `s${at}` }));
  const parts = [1, 2, 3].map((index) => shareOf(all, { index, count: 3 }));
  expect(parts.map((part) => part.length)).toEqual([34, 33, 33]);
  expect(new Set(parts.flat()).size).toBe(100);
});

test('a submission’s hash is of its files, and a version of the step', () => {
  expect(hashOf(new Map([['src/a.ts', 'x']]))).not.toBe(hashOf(new Map([['src/a.ts', 'y']])));
  expect(hashOf(new Map())).toBe(hashOf(new Map()));
  expect(versionOf(step)).toBe(versionOf(step));
  expect(versionOf(step)).not.toBe(versionOf(readStep(2)));
  expect(versionOf(step)).not.toBe(versionOf(step, { seconds: 30 }));
});

const HOSTILE = `</pre><script>alert(1)</script>" onload='x' &amp; =HYPERLINK("http://x")`;

function rowOf(student: string, version = 'v1'): Row {
  const story = { test: HOSTILE, cause: HOSTILE, todo: false, answered: true };
  const task = { number: 1, title: 'a', most: 10, groups: [], ungraded: 0, passed: 1, tests: 2, printed: HOSTILE };
  const tasks = [
    { ...task, score: 0, state: 'failed' as const, failed: [HOSTILE], story },
    { ...task, number: 2, score: 10, state: 'passed' as const, failed: [] },
  ];
  const base = { student, name: HOSTILE, keys: [], step: 'step-03', version, files: 'f' };
  return { ...base, state: 'graded', score: 10, most: 20, note: '=1+1', tasks };
}

function markOf(student: string) {
  const [entry] = marksOf(step, [rowOf(student)], plainBook());
  if (!entry) throw new Error('there is no mark');
  return entry;
}

test('the CSV has a line for each student, and no formula of theirs', () => {
  const [header, line] = csv([markOf('=ann').mark]).split('\n');
  expect(header).toBe('student,name,task 1 (10),task 2 (10),total,max,state,note,applied,handed in,section');
  expect(line).toMatch(/^'=ann,/);
  expect(line).toMatch(/,0,10,10,20,graded,'=1\+1,,,$/);
});

test('the page has all that a student wrote as text only, loads nothing, and runs no script but its own', () => {
  const { mark, row } = markOf('<img src=x onerror=y>');
  const text = page([named(mark, row, 0)], { step: 'step-03', version: 'v1', shard: { index: 1, count: 1 } });
  expect(text.match(/<script/g)).toHaveLength(1);
  expect(text).not.toMatch(/<img|onload='|(?:src|href)="(?!pages\/1\.html)/);
  expect(text).toMatch(/content="default-src &#39;none&#39;; .* script-src &#39;sha256-[\w+/=]+&#39;"/);
  expect(text).toContain('&lt;script&gt;alert(1)');
});

describe('a student’s results', () => {
  test.each(['grades.csv', 'index.html', 'class.json', 'students', '-rf', 'x'.repeat(255)])(
    'of %j lie where nothing else does',
    (student) => {
      const place = folderOf('/out', student);
      expect(dirname(place)).toBe('/out/students');
      expect(Buffer.byteLength(basename(place))).toBeLessThan(201);
    },
  );

  test.each(['.', '..', '', 'a/b', '../../etc', 'a\0'])('of %j lie nowhere: it would lead elsewhere', (student) => {
    expect(() => folderOf('/out', student)).toThrow('is not the name of a student');
    expect(kept('/out', student)).toBeUndefined();
  });
});

describe('merge', () => {
  const part = (name: string, students: string[], more: Partial<Manifest> = {}): string => {
    const out = join(folder, 'shards', name);
    rmSync(out, { recursive: true, force: true });
    const rows = students.map((student) => rowOf(student));
    for (const row of rows) write(fileOf(`shards/${name}`, row.student), JSON.stringify(row));
    const manifest = { step: 'step-03', version: 'v1', roster: 'r', shard: { index: 1, count: 2 }, ...more };
    writeClass(out, step, rows, manifest, plainBook());
    return out;
  };
  const second = { shard: { index: 2, count: 2 } };
  const merged = (...parts: string[]) =>
    merge(parts, join(folder, 'merged'), () => ({ step, book: plainBook() })).entries;

  test('joins shards to one class', () => {
    expect(merged(part('a', ['s1', 's3']), part('b', ['s2'], second)).map(({ mark }) => mark.id)).toEqual([
      's1',
      's2',
      's3',
    ]);
    expect(readFileSync(join(folder, 'merged/students/s2/grade.json'), 'utf8')).toContain('"s2"');
    expect(readFileSync(join(folder, 'merged/grades.csv'), 'utf8').trim().split('\n')).toHaveLength(4);
  });

  test('refuses what isn’t one class, and says what is wrong', () => {
    const one = part('a', ['s1']);
    expect(() => merged(one, part('b', ['s2']))).toThrow('are the same shard, 1/2');
    expect(() => merged(one)).toThrow('of 2 shards there is no 2');
    expect(() => merged(one, part('b', ['s1'], second))).toThrow('s1 is in two of the shards');
    expect(() => merged(one, part('b', ['s2'], { ...second, version: 'v2' }))).toThrow(
      'the version of tests and grader differs',
    );
    expect(() => merged(one, part('b', ['s2'], { ...second, step: 'step-02' }))).toThrow('the step differs');
    expect(() => merged(one, part('b', ['s2'], { ...second, roster: 'q' }))).toThrow(
      'the list of students (hash) differs',
    );
    expect(() => merged(one, join(folder, 'nothing'))).toThrow('it has no class.json');
    rmSync(join(one, 'students/s1'), { recursive: true });
    expect(() => merged(one, part('b', ['s2'], second))).toThrow('names s1, and has no results of theirs');
  });
});

test('the workflow for GitHub Actions runs each shard once, by commands that there are', () => {
  const text = readFileSync(join(ROOT, 'docs/grade-class.yml'), 'utf8');
  const { jobs } = parse(text);
  const { shard } = jobs.grade.strategy.matrix;
  expect(shard).toEqual(shard.map((_: number, at: number) => at + 1));
  expect(text).toContain(`--shard \${{ matrix.shard }}/${shard.length} --out results`);
  const program = new Command();
  commands(program);
  const flags = text.matchAll(/npm run homework -- (\w+)(.*)/g);
  for (const [, name, line = ''] of flags) {
    const known = program.commands.find((one) => one.name() === name)?.options.map(({ long }) => long);
    expect(known).toEqual(expect.arrayContaining([...line.matchAll(/--\w+/g)].map(([flag]) => flag)));
  }
});
