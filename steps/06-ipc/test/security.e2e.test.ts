import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Call, capset, dup3, openPipe, PR_SET_DUMPABLE, perform, prctl, whenReadable } from 'shared-native';
import { extend, joining, type Plan, plan, read, runningContainer, start } from 'step-01';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inRoot, leftovers } from '../../../test/boxstep.ts';
import { needs } from '../../../test/needs.ts';
import { tries } from '../../../test/slowness.ts';
import { execOptions, execPlan } from '../src/index.ts';

/** A variable that the runtime was started with, and a container isn't. */
const SECRET = readFileSync('/proc/self/environ', 'utf8')
  .split('\0')
  .find((entry) => !/^(PATH|HOME|TERM|HOSTNAME)?=|^$/.test(entry)) as string;

// A process is open to another of its user that has all of its capabilities. So it has to have given some up, as in step 10
// all containers have: here, by a call more.
const DOCKERS = 0xa80425fbn;
const GIVES_UP = { privileges: [capset(0, { effective: DOCKERS, permitted: DOCKERS, inheritable: 0n })] };

const rootfs = () => inRoot('attacked');
const isHere = process.geteuid?.() === 0;

beforeAll(() => {
  if (!isHere) return;
  for (const directory of ['proc', 'dev']) mkdirSync(join(rootfs(), directory), { recursive: true });
  execFileSync('mknod', ['-m', '666', join(rootfs(), 'dev/null'), 'c', '1', '3']);
});
afterAll(() => {
  if (!isHere) return;
  rmSync(rootfs(), { recursive: true });
  expect(leftovers('/attack')).toEqual([]);
});

/**
 * Runs an attacker in a container of step 1, and starts processes beside it.
 *
 * @returns how often it saw one that wasn't its command yet, and got something of it
 */
async function attacked(times: number, beside: () => Promise<void>): Promise<Record<string, number>> {
  const source = join(import.meta.dirname, 'attack.c');
  execFileSync('cc', ['-O2', '-static', '-o', join(rootfs(), 'attack'), source]);
  const [[stdin, toIt], [fromIt, stdout]] = [openPipe(), openPipe()];
  const comm = readFileSync('/proc/thread-self/comm', 'utf8').trim();
  const options = { ...read({ name: 'attacked' }, ['/attack', comm, SECRET]), rootfs: rootfs() };
  const container = await start(plan(options), undefined, {
    before: [dup3(stdin, 0), dup3(stdout, 1)],
    about: { step: 'step-01', options },
  });
  closeSync(stdin);
  closeSync(stdout);
  await new Promise<void>((resolve) => void whenReadable(fromIt, resolve)); // it is the attacker now
  try {
    for (let n = 0; n < times; n++) await beside();
  } finally {
    closeSync(toIt); // its input is at its end
    await container.exited;
  }
  const told = readFileSync(`/proc/self/fd/${fromIt}`, 'utf8');
  closeSync(fromIt);
  return Object.fromEntries([...told.matchAll(/(\d+) (\w+)/g)].map(([, count, what]) => [what, Number(count)]));
}

async function run(made: Plan, guest: boolean): Promise<void> {
  const { exited } = await start(made, undefined, { guest });
  expect(await exited).toMatchObject({ status: 0 });
}

const exec = () => extend(execPlan(execOptions({}, 'attacked', ['/attack'])), 'test', GIVES_UP);
const shares = () => {
  const other = plan({ ...read({ name: 'guest' }, ['/attack']), rootfs: rootfs() });
  return extend(extend(other, 'step-06', joining(runningContainer('attacked'), ['pid'])), 'test', GIVES_UP);
};

describe('until execve the process inside has the runtime’s memory, descriptors and environment, and shows none', () => {
  test('by exec, at any moment', async (context) => {
    needs('root', 'cc')(context);
    const got = await attacked(tries(1000), () => run(exec(), true));
    expect(got.seen).toBeGreaterThan(10);
    expect(got).toMatchObject({ mem: 0, environ: 0, exe: 0, fd: 0 });
  });

  test('as a container that shares the processes of another', async (context) => {
    needs('root', 'cc')(context);
    const got = await attacked(tries(100), () => run(shares(), false));
    expect(got.seen).toBeGreaterThan(10);
    expect(got).toMatchObject({ mem: 0, environ: 0, exe: 0, fd: 0 });
  });

  test('which without PR_SET_DUMPABLE it does', async (context) => {
    needs('root', 'cc')(context);
    perform(prctl(PR_SET_DUMPABLE, 1));
    const got = await attacked(tries(200), () => run(unprotected(exec()), true));
    expect(Math.min(...Object.values(got)), JSON.stringify(got)).toBeGreaterThan(0);
  });
});

function unprotected(made: Plan): Plan {
  const protects = ({ name, args: { option } }: Call) =>
    name === 'prctl' && option?.kind === 'integer' && option.value === PR_SET_DUMPABLE;
  return { ...made, program: { ...made.program, join: made.program.join.filter((call) => !protects(call)) } };
}
