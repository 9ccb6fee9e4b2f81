import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { letters } from '../src/report/story.ts';
import { regions, withBodies } from '../src/step/regions.ts';
import { readStep } from '../src/step/step.ts';
import { entries } from '../src/submission/door.ts';
import { readFiles } from '../src/submission/files.ts';
import { bytes } from '../src/submission/names.ts';
import { workIn } from '../src/submission/where.ts';
import { asking } from '../src/trusted/route.ts';

const step = readStep(3);
const FILE = 'src/cpus.ts';
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'submission-'));
  for (const [path, source] of step.sources) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), source);
  }
});

afterEach(() => rmSync(folder, { recursive: true }));

/** What is wrong with one file of a folder; the other files are to be read as they are. */
function wrong(file = FILE): string {
  const files = readFiles(step, bytes(folder));
  for (const [path, source] of files) if (path !== file) expect(source).toBe(step.sources.get(path));
  const found = files.get(file);
  return typeof found === 'object' ? found.wrong : 'nothing';
}

function instead(make: (path: string) => void): void {
  rmSync(join(folder, FILE));
  make(join(folder, FILE));
}

const pipe = (path: string) => execFileSync('mkfifo', [path]);

describe('of a folder that was handed in', () => {
  test('what is a plain file is read', () => {
    expect(wrong()).toBe('nothing');
  });

  test.each<[string, (path: string) => void]>([
    ['a link to the reference', (path) => symlinkSync(join(step.directory, FILE), path)],
    ['a link to the passwords', (path) => symlinkSync('/etc/shadow', path)],
    ['a link to what has no end', (path) => symlinkSync('/dev/zero', path)],
    ['a link to itself', (path) => symlinkSync(path, path)],
    ['a link to nothing', (path) => symlinkSync('/nowhere', path)],
    ['a pipe, which nobody writes to', pipe],
    ['a folder', (path) => mkdirSync(path)],
  ])('%s is not', (_, make) => {
    instead(make);
    expect(wrong()).toContain('is no file of this folder');
  });

  test('a file in a folder that is a link is not', () => {
    rmSync(join(folder, 'src'), { recursive: true });
    symlinkSync(join(step.directory, 'src'), join(folder, 'src'));
    expect(readFiles(step, bytes(folder)).get(FILE)).toMatchObject({ wrong: expect.stringContaining('is no file') });
  });

  test('a file where a folder should be costs its tasks, and no error', () => {
    rmSync(join(folder, 'src'), { recursive: true });
    writeFileSync(join(folder, 'src'), '');
    expect(readFiles(step, bytes(folder)).get(FILE)).toMatchObject({ wrong: expect.stringMatching('cpus.ts') });
  });

  test('more than 1 MiB is not', () => {
    instead((path) => writeFileSync(path, ' '.repeat(1024 ** 2 + 1)));
    expect(wrong()).toContain('is larger than 1 MiB');
  });

  test('a package.json that is a pipe, or a link, or nonsense, is not waited for', () => {
    instead(() => {});
    pipe(join(folder, 'package.json'));
    expect(wrong()).toContain('there is no');
    rmSync(join(folder, 'package.json'));
    symlinkSync('/dev/zero', join(folder, 'package.json'));
    expect(wrong()).toContain('there is no');
    rmSync(join(folder, 'package.json'));
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: { x: '\u001b[2J'.repeat(1000) } }));
    expect(wrong().length).toBeLessThan(300);
  });

  test('nor where it has to tell one folder from another', () => {
    for (const copy of ['a', 'b']) {
      cpSync(join(folder, 'src'), join(folder, copy, 'src'), { recursive: true });
    }
    rmSync(join(folder, 'src'), { recursive: true });
    pipe(join(folder, 'a/package.json'));
    symlinkSync('/dev/zero', join(folder, 'b/package.json'));
    expect(workIn(step, bytes(folder))).toMatchObject({ wrong: 'which is it: a or b?' });
    rmSync(join(folder, 'b/package.json'));
    writeFileSync(join(folder, 'b/package.json'), '{ "name": "homework-step-03" }');
    expect(workIn(step, bytes(folder))).toEqual({ directory: bytes(join(folder, 'b')) });
  });

  test('what holds more than is to be looked at is not looked through', () => {
    for (const name of ['a', 'b']) mkdirSync(join(folder, name));
    expect(entries(bytes(folder), 3).map(({ name }) => name)).toEqual(['a', 'b', 'src']);
    expect(() => entries(bytes(folder), 2)).toThrow('too many files and folders');
  });

  test.each<[string, Buffer, string]>([
    ['UTF-16 with its mark', Buffer.from('\ufeffexport const a = 1;', 'utf16le'), 'is in UTF-16: save it as UTF-8'],
    ['UTF-16 without', Buffer.from('export const a = 1;', 'utf16le'), 'is in UTF-16: save it as UTF-8'],
    ['UTF-16, the other way round', Buffer.from('\ufeffexport', 'utf16le').swap16(), 'is in UTF-16'],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x65, 0, 0, 0]), 'is in UTF-32'],
    ['no text', Buffer.from('export const a = "\0";'), 'is in no encoding of text'],
  ])('a file in %s is told by its encoding', (_, content, why) => {
    instead((path) => writeFileSync(path, content));
    expect(wrong()).toContain(why);
  });

  test('a file in UTF-8 may begin with its mark, end its lines as Windows does, and have a comment in Latin-1', () => {
    instead((path) => writeFileSync(path, Buffer.from('\xef\xbb\xbf// caf\xe9\r\n', 'latin1')));
    expect(wrong()).toBe('nothing');
  });

  test('a module that the student added is read, too, unless it is no plain file', () => {
    mkdirSync(join(folder, 'src/my'));
    writeFileSync(join(folder, 'src/my/helper.ts'), 'export const one = 1;');
    symlinkSync('/dev/zero', join(folder, 'src/zero.ts'));
    writeFileSync(join(folder, 'src/my/large.ts'), ' '.repeat(32 * 1024 + 1));
    pipe(join(folder, 'src/pipe.ts'));
    const files = readFiles(step, bytes(folder));
    expect([...files.keys()].filter((path) => !step.sources.has(path))).toEqual([
      'src/my/helper.ts',
      'src/my/large.ts',
    ]);
    expect(files.get('src/my/large.ts')).toEqual({ wrong: expect.stringContaining('is larger than 32 KiB') });
    for (let at = 0; at < 20; at++) writeFileSync(join(folder, `src/my/${at}.ts`), '');
    expect(readFiles(step, bytes(folder)).size).toBe(new Set(step.tasks.map(({ file }) => file)).size + 10);
    expect(files.get('src/my/helper.ts')).toBe('export const one = 1;');
  });

  test('tests, vitest.config.ts, package.json, tsconfig.json and .env of its own are never read', () => {
    for (const name of ['vitest.config.ts', 'package.json', 'tsconfig.json', '.env', 'test/parsers.test.ts']) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      pipe(join(folder, name)); // whoever opens it waits for ever
    }
    expect([...readFiles(step, bytes(folder)).keys()].every((path) => path.startsWith('src/'))).toBe(true);
  });
});

test.each([
  ['in each other', (many: number) => '// #region task 1: a\n'.repeat(many) + '// #endregion\n'.repeat(many)],
  ['one after the other', (many: number) => '// #region task 1: a\n// #endregion\n'.repeat(many)],
  ['in each other, with no title', (many: number) => '//#region \n'.repeat(2 * many)],
  ['that is only ended', (many: number) => '// #endregion\n'.repeat(2 * many)],
])('1 MiB of markers %s is no more work than 1 MiB of text', (_, markers) => {
  const source = `export function quota() {\n${markers(28_000)}}`;
  expect(source.length).toBeGreaterThan(600_000);
  const began = process.cpuUsage();
  expect(withBodies(source, () => 'return 1;')).toBeTypeOf('string');
  expect(asking(source, 'src/cpus.ts', 2)).toBeTypeOf('string');
  expect(process.cpuUsage(began).user / 1e6).toBeLessThan(2);
});

test('a marker with a title of a million blanks is read at once', () => {
  const line = `// #region task 2: a${' '.repeat(1_000_000)}\u2028b`;
  const [region] = regions(`export function quota() {\n${line}\n// #endregion\n}`);
  expect(region?.title).toMatch(/^a\s+b$/);
});

test('what a report tells of a text does nothing to a terminal', () => {
  expect(letters('\u001b[2Jred\u009b31m\u202e\u0007\u0000 \n\tend')).toMatch(/^red\S* \n\tend$/);
  expect(letters('\u001b]0;owned\u0007x')).not.toMatch(/[\u001b\u0007]/);
});
