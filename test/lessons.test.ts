import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RECORD_BYTES } from 'shared-native';
import * as step01 from 'step-01';
import * as step02 from 'step-02';
import { afterAll, describe, expect, test } from 'vitest';
import { planOf } from '../docs/explorer/machine.ts';
import { ROOT } from './readme/markdown.ts';

const text = (path: string) => readFileSync(join(ROOT, path), 'utf8').replace(/\s+/g, ' ');

const NUMBERS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

/** The number that a page gives in words just before something: `five` before "system calls". */
function counted(page: string, before: RegExp): number {
  const [, word = ''] = new RegExp(`(\\w+) ${before.source}`, 'i').exec(page) ?? [];
  return NUMBERS.indexOf(word.toLowerCase());
}

const root = mkdtempSync(join(tmpdir(), 'boxstep-lessons-'));
afterAll(() => rmSync(root, { recursive: true }));
const before = planOf(step01.step, root, [], false);

describe('what lesson 1 counts, its plan holds', () => {
  const lesson = text('steps/01-namespaces/README.md');
  const { namespaces, program } = before;

  test('the flags to clone', () => {
    expect(counted(lesson, /flags to clone\(2\)/)).toBe(namespaces.length);
  });

  test('the system calls that make the container', () => {
    const { setup, enter, inside } = program;
    expect(counted(lesson, /system calls, and a cgroup/)).toBe(setup.length + enter.length + inside.length);
  });

  test('the limit on processes, and that PID 1 is one of them', () => {
    expect(lesson).toContain(`The limit is ${step01.PIDS_LIMIT} processes.`);
    expect(lesson).toContain(`the fork that would make the ${step01.PIDS_LIMIT + 1}th process fails`);
    expect(lesson).toContain(`so its ${step01.PIDS_LIMIT}th fork fails`);
  });
});

test('lesson 2 names the stages that its plan does another way, and those to which it adds', () => {
  expect(text('steps/02-rootfs/README.md')).toContain(
    "step 1's plan with a different `enter` and `inside`, one more call in `setup`, and a new stage, `leave`:",
  );
  const [kept, added] = planOf(step02.step, root, [], false).parts.map(({ program }) => program);
  const changed = step01.STAGES.filter((stage) => stage !== 'join').map((stage) => [
    stage,
    before.program[stage].length,
    kept?.[stage].length,
    added?.[stage].length,
  ]);
  expect(changed).toEqual([
    ['setup', 2, 2, 1],
    ['enter', 2, 0, added?.enter.length],
    ['inside', 1, 0, added?.inside.length],
    ['leave', 0, 0, 2],
    ['privileges', 0, 0, 0],
    ['exec', before.program.exec.length, before.program.exec.length, 0],
  ]);
});

test.each([
  ['docs/why-not-fork.md', `A record is ${RECORD_BYTES} bytes:`],
  ['docs/glossary.md', `The ${RECORD_BYTES} bytes by which the trampoline knows a call`],
  ['docs/pictures/trampoline.svg', `${RECORD_BYTES} bytes for each call`],
])('a record is as long as %s says', (page, says) => {
  expect(text(page)).toContain(says);
});
