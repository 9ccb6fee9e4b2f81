import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { folderOf, writeStart } from '../src/export/folder.ts';
import { erased } from '../src/isolation/erased.ts';
import { regions } from '../src/step/regions.ts';
import { readStep, stepNumbers } from '../src/step/step.ts';
import { homeworkOf, ROOT } from '../src/step/workspace.ts';
import { readFiles } from '../src/submission/files.ts';
import { bytes } from '../src/submission/names.ts';
import { setOf } from '../src/submission/own.ts';

const folder = mkdtempSync(join(tmpdir(), 'boxstep-homework-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe.each(stepNumbers())('the start of step %i', (number) => {
  const step = readStep(number);
  const start = folderOf(step, homeworkOf(step));

  test('has every file of the step, and throws a Todo that names the file in place of each task', () => {
    for (const { number: task, file } of step.tasks) {
      expect(start.get(file)).toMatch(
        new RegExp(`throw new Todo\\(["']task ${task}: .*: edit homework/${step.name}/${file}`),
      );
    }
    expect([...start.keys()]).toEqual(expect.arrayContaining([...step.sources.keys()]));
  });

  test('has no line of a solution', () => {
    const all = [...start.values()].join('\n');
    for (const [, source] of step.sources) {
      const lines = source.split('\n');
      for (const { from, to } of regions(source)) {
        const solution = lines.slice(from + 1, to).filter((line) => line.trim().length > 20);
        expect(solution.filter((line) => all.includes(line))).toEqual([]);
      }
    }
  });

  test('has the lesson, whose links lead to what is there', () => {
    const lesson = start.get('README.md') ?? '';
    expect(lesson).toContain(readFileSync(join(step.directory, 'README.md'), 'utf8').split('\n', 1)[0]);
    const targets = [...lesson.matchAll(/\]\((?![a-z]+:|#)([^)#]+)/g)].map(([, target = '']) => target);
    expect(targets.length).toBeGreaterThan(step.tasks.length);
    const there = (target: string) => start.has(target) || existsSync(join(homeworkOf(step), target));
    expect(targets.filter((target) => !there(target))).toEqual([]);
    expect(lesson).not.toContain('pnpm homework start');
  });

  test('tells the tasks, what they are worth, and how to have them graded', () => {
    expect(start.get('README.md')).toContain(`pnpm homework grade ${number}`);
    for (const { title, points } of step.tasks) expect(start.get('README.md')).toContain(`| ${title} | ${points} |`);
  });

  test('shows no source of the step to the student’s process, and no test', () => {
    const { place, sources } = setOf(step);
    const own = place.paths.filter((path) => path.startsWith(`${step.directory}/`));
    expect(own.map((path) => path.slice(step.directory.length + 1).replace(/\/.*/, ''))).toEqual([
      'package.json',
      ...own.slice(1).map(() => 'node_modules'),
    ]);
    expect(place.paths.filter((path) => path.endsWith('/test') || path.includes('.git'))).toEqual([]);
    for (const { file } of step.tasks) expect(sources[join(step.directory, file)]).toContain('boxstep.reference');
  });
});

describe('a folder', () => {
  const step = readStep(3);

  test('that is there is never overwritten', () => {
    const mine = join(folder, 'mine');
    writeStart(step, mine);
    writeFileSync(join(mine, 'src/sizes.ts'), 'my work');
    expect(() => writeStart(step, mine)).toThrow('is there already, and may hold your work');
    expect(readFileSync(join(mine, 'src/sizes.ts'), 'utf8')).toBe('my work');
    expect(existsSync(join(mine, 'node_modules/commander'))).toBe(true);
  });

  test('is read for the files that hold tasks alone', () => {
    const mine = join(folder, 'more');
    writeStart(step, mine);
    writeFileSync(join(mine, 'src/limits.ts'), 'throw 1');
    expect([...readFiles(step, bytes(mine)).keys()].sort()).toEqual(step.tasks.map(({ file }) => file).sort());
  });

  test('that lacks a file, or has a link or too much in its place, is told so', () => {
    const odd = join(folder, 'odd');
    mkdirSync(join(odd, 'src'), { recursive: true });
    writeFileSync(join(odd, 'package.json'), '{ "name": "step-02" }');
    symlinkSync(join(step.directory, 'src/sizes.ts'), join(odd, 'src/sizes.ts'));
    writeFileSync(join(odd, 'src/v2.ts'), Buffer.alloc(2 * 1024 ** 2));
    mkdirSync(join(odd, 'src/cpus.ts'));
    const files = readFiles(step, bytes(odd));
    expect(files.get('src/weights.ts')).toEqual({
      wrong: expect.stringContaining('by its package.json this folder is "step-02"'),
    });
    expect(files.get('src/sizes.ts')).toEqual({ wrong: expect.stringContaining('is no file of this folder') });
    expect(files.get('src/cpus.ts')).toEqual({ wrong: expect.stringContaining('is no file of this folder') });
    expect(files.get('src/v2.ts')).toEqual({ wrong: expect.stringContaining('larger than 1 MiB') });
  });

  test('whose src is a link to elsewhere is not read', () => {
    const linked = join(folder, 'linked');
    mkdirSync(linked);
    symlinkSync(join(step.directory, 'src'), join(linked, 'src'));
    expect(readFiles(step, bytes(linked)).get('src/sizes.ts')).toEqual({
      wrong: expect.stringContaining('is no file'),
    });
  });
});

test('a workspace that can’t be written to, as /sys, is no obstacle', () => {
  const file = erased('/sys', [join(ROOT, 'shared-native')]);
  expect(dirname(dirname(file))).toBe(tmpdir());
  expect(Object.keys(JSON.parse(readFileSync(file, 'utf8'))).join()).toContain('shared-native/src/call.ts');
  rmSync(dirname(file), { recursive: true });
});
