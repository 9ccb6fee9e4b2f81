import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { needs } from '../../test/needs.ts';
import { findPnpm } from '../../test/pnpm.ts';
import { exportStep } from '../src/export/export.ts';
import schema from '../src/report/results.schema.json' with { type: 'json' };
import { readStep } from '../src/step/step.ts';
import { ROOT } from '../src/step/workspace.ts';

beforeEach(needs('root', 'pnpm'));

const folder = mkdtempSync(join(tmpdir(), 'boxstep-export-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const step = readStep(3);
const place = relative(ROOT, step.directory);
const total = step.tasks.reduce((all, { points }) => all + points, 0);
const run = (cwd: string, line: string, env = {}) =>
  execa('bash', ['-c', line], { cwd, env: { INIT_CWD: cwd, ...env }, reject: false, all: true, timeout: 600_000 });

/** What was here for `npm test` is enough: nothing is fetched. It's in the store of the user who set the course up. */
async function install(cwd: string): Promise<void> {
  const { command = [], uid, gid, ...rest } = findPnpm() ?? expect.unreachable();
  if (uid !== undefined) await execa`chown -R ${uid}:${gid ?? uid} ${folder}`;
  const options = {
    cwd,
    ...rest,
    ...(uid !== undefined && { uid, gid: gid ?? uid }),
    reject: false,
    all: true,
  } as const;
  const { exitCode, all } = await execa(options)`${[...command, 'install', '--offline', '--frozen-lockfile']}`;
  expect(exitCode, all).toBe(0);
}

describe('a folder for students', () => {
  const students = join(folder, 'students');
  const homework = (line: string) => run(students, `node_modules/node/bin/node -- scripts/homework.ts ${line}`);
  beforeAll(async () => {
    exportStep(step, folder, 'students');
    await install(students);
  }, 300_000);

  test('installs from its lock file, grades what is there with no points, and tells what to do', async () => {
    const { all, exitCode } = await homework('grade 3 --out results');
    expect(all).toContain(`0 of ${total} points`);
    expect(all).toContain(`edit ${place}/src/sizes.ts`);
    expect(all).toContain('a hint: npm run hint 1');
    expect(exitCode).toBe(1);
    expect(await homework('passed 3 1')).toMatchObject({
      exitCode: 1,
      all: expect.stringMatching(/task 1: .*: 0 of \d/),
    });
  }, 300_000);

  test('gives hints', async () => {
    expect((await homework('hint 3 1')).all).toContain('hint 1 of 3');
  });

  test('has what ./boxstep starts by, quickly', async () => {
    const stamp = join(students, 'node_modules/.boxstep-installed');
    writeFileSync(stamp, ''); // as the set-up leaves it
    utimesSync(stamp, Date.now() / 1000 + 60, Date.now() / 1000 + 60);
    expect(await run(students, './boxstep 2 --help')).toMatchObject({ exitCode: 0 });
    expect(readdirSync(join(students, 'node_modules/.cache/boxstep'))).toContain('steps+02-rootfs+src+main.ts');
  });

  test('has full marks when the solution is written into it', async () => {
    cpSync(join(step.directory, 'src'), join(students, place, 'src'), { recursive: true });
    const { all, exitCode } = await homework('grade 3 --out results');
    expect(all).toContain(`${total} of ${total} points`);
    expect(exitCode).toBe(0);
    expect(await homework('passed 3 1')).toMatchObject({ exitCode: 0, all: expect.not.stringContaining(': 0 of') });
  }, 300_000);
});

describe('an autograder for Gradescope', () => {
  const root = join(folder, 'autograder');
  const source = join(root, 'source');
  const graded = async (submission: (to: string) => void) => {
    rmSync(join(root, 'submission'), { recursive: true, force: true });
    mkdirSync(join(root, 'submission'), { recursive: true });
    submission(join(root, 'submission'));
    await run('/', join(source, 'run_autograder'), { AUTOGRADER: root });
    const results = JSON.parse(readFileSync(join(root, 'results/results.json'), 'utf8'));
    const validate = new Ajv2020({ allErrors: true }).compile(schema);
    expect(validate(results) || validate.errors).toBe(true);
    return results;
  };
  beforeAll(async () => {
    exportStep(step, folder, 'gradescope');
    mkdirSync(root);
    cpSync(join(folder, 'gradescope'), source, { recursive: true });
    await install(join(source, 'boxstep'));
  }, 300_000);

  test('grades the one submission, wherever its files lie', async () => {
    const reference = await graded((to) =>
      cpSync(join(step.directory, 'src'), join(to, place, 'src'), { recursive: true }),
    );
    expect(reference).toMatchObject({ score: total, visibility: 'visible' });
    const results = step.tasks.reduce((sum, { groups }) => sum + Math.max(1, groups.length), 0);
    expect(reference.tests).toHaveLength(results);
  }, 300_000);

  test('says what is wrong where there is nothing to grade', async () => {
    const empty = await graded(() => {});
    expect(empty).toMatchObject({ score: 0, output: expect.stringContaining('there is no src/') });
  }, 300_000);

  test('leaves a result also when it fails itself', async () => {
    rmSync(join(source, 'boxstep/grader/src/main.ts'));
    expect(await graded(() => {})).toMatchObject({
      score: 0,
      output: expect.stringContaining('The grader itself failed'),
    });
  }, 300_000);
});
