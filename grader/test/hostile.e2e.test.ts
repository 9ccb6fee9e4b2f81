import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { execa } from 'execa';
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { REPOSITORY } from '../../test/boxstep.ts';
import { needs } from '../../test/needs.ts';
import { isOpen } from '../../test/open.ts';
import { alive, processesWith, userOf } from '../../test/processes.ts';
import { readStep } from '../src/step/step.ts';
import { machine } from './hostile/machine.ts';
import { ATTACKED, type Attacked, submissions } from './hostile/works.ts';

const step = readStep(3);
const schema = JSON.parse(readFileSync(join(import.meta.dirname, '../src/report/results.schema.json'), 'utf8'));
const valid = new Ajv2020({ strict: false }).compile(schema);

interface Told {
  readonly isolation: string;
  readonly results: {
    readonly score: number;
    readonly tests: readonly { number: string; score: number; max_score: number }[];
  };
  readonly tasks: readonly {
    readonly task: number;
    readonly state: string;
    readonly score: number;
    readonly printed: string;
    readonly cause?: string;
    readonly expected?: string;
    readonly came?: string;
  }[];
}

/** One who owns nothing, and is nobody else: all processes of theirs are ours. */
const NOBODY = 100_000 + Math.floor(Math.random() * 1e9);

/** Runs run.ts as a user: whoever grades. */
async function graded(user: 'root' | 'nobody', ...which: string[]): Promise<Told[]> {
  const home = mkdtempSync(join(tmpdir(), 'hostile-'));
  const temporary = join(home, 'tmp');
  mkdirSync(temporary);
  for (const path of [home, temporary]) chmodSync(path, 0o777);
  const drop = ['setpriv', '--reuid', `${NOBODY}`, '--regid', `${NOBODY}`, '--clear-groups'];
  const run = [process.execPath, join(import.meta.dirname, 'hostile/run.ts'), ...which];
  const [program = '', ...rest] = user === 'nobody' && process.geteuid?.() === 0 ? [...drop, ...run] : run;
  try {
    const { PATH = '', BOXSTEP_ROOT } = process.env;
    const env = { PATH, HOME: home, TMPDIR: temporary, ...(user === 'root' && { BOXSTEP_ROOT }) };
    const { stdout } = await execa(program, rest, { cwd: REPOSITORY, stdin: 'ignore', extendEnv: false, env });
    expect(readdirSync(temporary), 'what is left in the folder for temporary files').toEqual([]);
    const left = () => processesWith('', (pid) => userOf(pid) === NOBODY && alive(pid));
    await vi.waitFor(() => expect(left()).toEqual([]), { timeout: 10_000 }); // what is killed takes its time to end
    return JSON.parse(stdout);
  } finally {
    rmSync(home, { recursive: true });
  }
}

function standsUp(user: 'root' | 'nobody', isolation: string, works: readonly Attacked[], ...which: string[]): void {
  let told: Told[] = [];
  let [before, after] = [{}, {}];

  beforeAll(async () => {
    if (!(user === 'root' ? process.geteuid?.() === 0 : isOpen(REPOSITORY))) return;
    before = machine();
    told = await graded(user, ...which);
    after = machine();
  }, 600_000);

  const attacks = works.flatMap((work, index) =>
    work.attacks.map((attack, place) => ({ ...attack, index, task: ATTACKED[place] ?? 0 })),
  );

  test.each(attacks)('$name: a submission that $what loses its points, and the report says why', (attack) => {
    const task = told[attack.index]?.tasks.find((one) => one.task === attack.task);
    expect(task).toMatchObject({ state: 'failed', score: 0 });
    const expected = task?.expected === undefined ? '' : `expected ${task.expected}\n`;
    expect(`${task?.cause}\n${expected}came ${task?.came}`).toMatch(attack.told);
    expect(`${task?.cause}${task?.came}${task?.printed}`).toMatch(/^[\P{C}\n\t]*$/u);
  });

  test.each(works.map((work, index) => ({ ...work, index })))(
    'beside $name the other tasks keep theirs',
    ({ index, attacks }) => {
      const attacked = ATTACKED.slice(0, attacks.length);
      for (const { task, state } of told[index]?.tasks ?? [])
        expect([task, state]).toEqual([task, attacked.includes(task) ? 'failed' : 'passed']);
      const kept = step.tasks.slice(0, 4).filter(({ number }) => !attacked.includes(number));
      expect(told[index]?.results.score).toBe(kept.reduce((sum, { points }) => sum + points, 0));
    },
  );

  test('each report is complete, and says what kept the code apart', () => {
    expect(told).toHaveLength(works.length);
    for (const one of told) {
      expect(valid(one.results), JSON.stringify(valid.errors)).toBe(true);
      const tasks = one.results.tests.map(({ number }) => Number.parseInt(number, 10)); // or a group of one: 2.1
      expect([...new Set(tasks)]).toEqual([1, 2, 3, 4]);
      expect(one.isolation).toContain(isolation);
    }
  });

  test('nothing is left: no process, cgroup or mount; and no file of ours is another', () => {
    expect(after).toEqual(before);
    expect(after).toMatchObject({ left: [] });
  });
}

describe('a grader that is root', () => {
  beforeEach(needs('root'));
  standsUp('root', 'a container of its own', submissions(step));
});

describe('a grader that is not root', () => {
  beforeEach(needs('an open folder'));
  standsUp('nobody', 'a system call filter', submissions(step, true), 'apart');
});
