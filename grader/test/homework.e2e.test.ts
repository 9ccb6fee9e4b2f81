import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { leftovers } from '../../test/boxstep.ts';
import { processesWith } from '../../test/processes.ts';
import type { Results } from '../src/report/results.ts';
import { regions, withBodies } from '../src/step/regions.ts';
import { readStep } from '../src/step/step.ts';
import { ROOT } from '../src/step/workspace.ts';

const folder = mkdtempSync(join(tmpdir(), 'boxstep-homework-'));
const work = join(folder, 'ann');
const step = readStep(3);
const MAIN = join(ROOT, 'grader/src/main.ts');

/** `pnpm homework …`, without what pnpm adds. */
function homework(...args: string[]) {
  const env = { INIT_CWD: folder, FORCE_COLOR: undefined, CI: undefined }; // both bring colours
  return execa(process.execPath, ['--', MAIN, ...args], { cwd: folder, reject: false, env });
}

async function graded(...more: string[]): Promise<Results> {
  const { stdout, stderr } = await homework('grade', '3', '--dir', 'ann', '--json', ...more);
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

/** By task, of whose groups each has a result. */
const byTask = ({ tests }: Pick<Results, 'tests'>) => [
  ...Map.groupBy(tests, ({ number }) => Number.parseInt(number, 10)).values(),
];
const sums = (results: Pick<Results, 'tests'>, of: 'score' | 'max_score') =>
  byTask(results).map((tests) => tests.reduce((sum, one) => sum + one[of], 0));
const scores = (results: Results) => sums(results, 'score');
const outputs = (results: Results) => byTask(results).map(([first]) => first?.output);

/** What a student writes for a task. */
function write(task: number, body: string, before = '', directory = work): void {
  const { file } = step.tasks.find(({ number }) => number === task) ?? { file: '' };
  const path = join(directory, file);
  const changed = withBodies(readFileSync(path, 'utf8'), (region) => (region.task === task ? body : undefined));
  writeFileSync(path, before + changed);
}

function solution(task: number): string {
  const { file = '' } = step.tasks.find(({ number }) => number === task) ?? {};
  const source = step.sources.get(file) ?? '';
  const [region] = regions(source).filter((one) => one.task === task);
  return source
    .split('\n')
    .slice((region?.from ?? 0) + 1, region?.to)
    .join('\n');
}

beforeAll(async () => {
  expect(await homework('start', '3', '--dir', 'ann')).toMatchObject({ exitCode: 0 });
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('a student who', () => {
  test('has just begun gets no point, and is told which file to edit', async () => {
    const results = await graded();
    expect(scores(results)).toEqual([0, 0, 0, 0, 0]);
    for (const { file } of step.tasks) expect(outputs(results).join()).toContain(`edit ${work}/${file}`);
  });

  test('begins again keeps what there is', async () => {
    const { exitCode, stderr } = await homework('start', '3', '--dir', 'ann');
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('may hold your work')]);
  });

  test('solves task 1 gets its points, and no others', async () => {
    write(1, solution(1));
    expect(scores(await graded())).toEqual([20, 0, 0, 0, 0]);
  });

  test('gets something wrong is told what was run, what was expected, and what came', async () => {
    write(2, 'return nanoCpus / 1e9;');
    const { stdout } = await homework('grade', '3', '--dir', 'ann');
    expect(stdout).toMatch(/run +quota\(500000000\)\n +expected +50000\n +came +0.5\n/);
    expect(stdout).toContain('a hint: pnpm homework hint 3 2');
  });

  test('does what docs/homework.md says sees what stands there', async () => {
    write(2, 'return nanoCpus;');
    const { stdout } = await homework('grade', '3', '--dir', 'ann');
    const [, shown] = /```text\n(.*?)\n```/s.exec(readFileSync(join(ROOT, 'docs/homework.md'), 'utf8')) ?? [];
    expect(stdout).toContain(shown);
  });

  test('solves all gets all points, and all reports', async () => {
    for (const { number } of step.tasks) write(number, solution(number));
    const { stdout, exitCode } = await homework('grade', '3', '--dir', 'ann', '--out', 'reports');
    expect(stdout).toContain('70 of 70 points');
    expect(stdout).toContain(process.geteuid?.() === 0 ? 'in a container of its own' : 'in no container');
    expect(exitCode).toBe(0);
    expect(JSON.parse(readFileSync(join(folder, 'reports/results.json'), 'utf8')).score).toBe(70);
  });

  test('has no folder is told how to get one', async () => {
    const { stderr } = await homework('grade', '3', '--dir', 'nowhere');
    expect(stderr).toContain('make it with pnpm homework start 3');
  });
});

describe('a task', () => {
  test('costs its own points alone, whatever its code does', async () => {
    write(1, 'for (;;) {}');
    write(2, 'return 1;', 'process.exit(0);\n');
    write(3, 'return ((;');
    write(4, "return { $$typeof: Symbol.for('jest.asymmetricMatcher'), asymmetricMatch: () => true } as never;");
    const results = await graded();
    expect(scores(results)).toEqual([0, 0, 0, 0, 15]);
    expect(outputs(results)).toEqual([
      expect.stringContaining('an endless loop?'),
      expect.stringContaining('process.exit'),
      expect.stringContaining('SyntaxError'),
      expect.stringContaining('plain values'),
      expect.stringMatching(/^(\d+) of \1 tests pass/),
    ]);
    expect(leftovers('inside/main.ts')).toEqual([]);
  });

  test('that another one needs is the reference’s, so each can be done first', async () => {
    const first = join(folder, 'first');
    await homework('start', '1', '--dir', first);
    const plan = join(first, 'src/plan.ts');
    const { sources } = readStep(1);
    writeFileSync(plan, sources.get('src/plan.ts') ?? '');
    const { stdout } = await homework('grade', '1', '--dir', first, '--json');
    expect(scores(JSON.parse(stdout))).toEqual([30, 0, 0]);
  });
});

test('a run that is interrupted reports what is done, and the rest as not graded', async () => {
  write(1, 'for (;;) {}');
  const running = homework('grade', '3', '--dir', 'ann', '--out', 'cut');
  await expect.poll(() => processesWith('inside/main.ts'), { timeout: 60_000 }).not.toEqual([]);
  running.kill('SIGINT');
  expect((await running).exitCode).toBe(130);
  const { extra_data, tests } = JSON.parse(readFileSync(join(folder, 'cut/results.json'), 'utf8')) as Results;
  expect(extra_data.interrupted).toBe(true);
  expect(sums({ tests }, 'max_score')).toEqual([20, 10, 10, 15, 15]);
  expect(tests[0]?.output).toContain('not graded: the run ended before its tests did');
  await expect.poll(() => leftovers('inside/main.ts')).toEqual([]);
});

test('a hint is shown by its number', async () => {
  const { stdout } = await homework('hint', '3', '2', '2');
  expect(stdout).toContain('step-03, task 2: half a CPU (src/cpus.ts)\nhint 2 of 2: ');
});
