import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { letters } from '../src/report/story.ts';
import { regions } from '../src/step/regions.ts';
import { readStep } from '../src/step/step.ts';
import { readFiles } from '../src/submission/submission.ts';

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
  const files = readFiles(step, folder);
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
    expect(readFiles(step, folder).get(FILE)).toMatchObject({ wrong: expect.stringContaining('is no file') });
  });

  test('a file where a folder should be costs its tasks, and no error', () => {
    rmSync(join(folder, 'src'), { recursive: true });
    writeFileSync(join(folder, 'src'), '');
    expect(readFiles(step, folder).get(FILE)).toMatchObject({ wrong: expect.stringMatching('cpus.ts') });
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

  test('tests, vitest.config.ts, package.json, tsconfig.json and .env of its own are never read', () => {
    for (const name of ['vitest.config.ts', 'package.json', 'tsconfig.json', '.env', 'test/parsers.test.ts']) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      pipe(join(folder, name)); // whoever opens it waits for ever
    }
    expect([...readFiles(step, folder).keys()].every((path) => path.startsWith('src/'))).toBe(true);
  });
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
