import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isStill, state } from 'step-10';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { boxstep } from '../../test/boxstep.ts';
import { needs } from '../../test/needs.ts';
import { processesWith } from '../../test/processes.ts';
import { slowness, tries } from '../../test/slowness.ts';
import { idsOfContainers, list } from '../src/containers/find.ts';
import { processOf } from '../src/kill.ts';
import { shellIn } from './typed.ts';

beforeEach(needs('root', 'overlay'));

/** In the command line of every container here. */
const WORD = 'boxstep-capstone-killed';
const NAMES = ['one', 'two', 'three', 'four'];

afterAll(async () => {
  for (const id of idsOfContainers()) await boxstep('rm', '-f', id);
});

const any = <T>(all: readonly T[]): T => all[Math.floor(Math.random() * all.length)] as T;

/** A command on a name that others use, too. */
function command() {
  const name = any(NAMES);
  return any([
    () =>
      shellIn('run', ['-d', '--name', name, '--restart', any(['no', 'on-failure:1'])], `: ${WORD}; sleep 1000 & wait`),
    () => shellIn('run', ['--rm', '--name', name], `: ${WORD}; sleep 0.05; exit 3`),
    () => shellIn('create', ['--name', name], `: ${WORD}; exit 4`),
    () => boxstep('start', name),
    () => boxstep('stop', '-t', '0', name),
    () => boxstep('restart', '-t', '0', name),
    () => boxstep('kill', name),
    () => boxstep('rm', '-f', name),
    () => boxstep('rename', name, any(NAMES)),
    () => boxstep('exec', name, 'true'),
    () => boxstep('logs', name),
  ])();
}

/** What docker says, too, where others use the same names. */
const RULES = [
  /No such container/,
  /is already in use by container/,
  /is not running/,
  /same name as its current name/,
  /is ending/,
  /is being started/,
].map((rule) => rule.source);

/** What has gone wrong with a command that wasn't killed; undefined if it worked, or failed by a rule. */
function wrong({ exitCode, stderr }: { exitCode?: number | undefined; stderr: string }): string | undefined {
  if (exitCode === 0 || exitCode === 3) return undefined;
  if (exitCode === 137 && stderr === '') return undefined; // run or exec, of a container that another command killed
  return new RegExp(RULES.join('|')).test(stderr) ? undefined : `${exitCode}: ${stderr}`;
}

/** Kills a shim, a container's first process, or what a shim has become. */
function killOne(): void {
  const runs = list().records.flatMap(({ run }) => (run.status === 'begun' ? [run] : []));
  const shims = runs.flatMap(({ shim, process }) => [shim, process].filter((one) => one !== undefined && isStill(one)));
  const victim = any([...shims, ...processesWith('clean-up/main.ts')]);
  try {
    if (victim) process.kill(victim.pid, 'SIGKILL');
  } catch {} // it has ended
}

/** Runs commands, six at a time, some of which are killed, or have something killed under them. @returns what went wrong */
async function storm(commands: number, killed: number): Promise<string[]> {
  const errors: string[] = [];
  let left = commands;
  const worker = async () => {
    while (left-- > 0) {
      const run = command();
      if (Math.random() < killed) {
        await sleep(Math.random() * 400 * Math.min(5, slowness()));
        const which = Math.random();
        if (which < 0.6) run.kill('SIGKILL');
        if (which > 0.4) killOne(); // both, now and then
      }
      const error = wrong(await run);
      if (killed === 0 && error !== undefined) errors.push(error);
    }
  };
  await Promise.all(Array.from({ length: 6 }, worker));
  return errors;
}

test('many commands at once on four names each work, or fail by a rule of docker’s', async () => {
  expect(await storm(tries(200), 0)).toEqual([]);
});

test('of many commands of which a quarter is killed, or has something killed under it, nothing is left that nobody knows', async () => {
  await storm(tries(400), 0.25);
  await expect.poll(() => processesWith('clean-up/main.ts')).toEqual([]);
  expect((await boxstep('prune')).stderr).toBe('');
  const watched = list().records.filter((record) => processOf(record));
  const first = watched.map((record) => processOf(record)?.pid).sort();
  const inits = processesWith(WORD).flatMap(({ pid, line }) => (line.startsWith('sh -c') ? [pid] : []));
  expect(inits.sort()).toEqual(first);
  expect(list().errors).toEqual([]);
  for (const id of idsOfContainers()) expect((await boxstep('rm', '-f', id)).stderr).toBe('');
  for (const name of NAMES) expect((await shellIn('run', ['--rm', '--name', name], 'true')).stderr).toBe('');
  const left = readdirSync(state().journals).filter((name) => !name.startsWith('.'));
  expect([left, readdirSync(join(state().data, 'containers-changing')), processesWith(WORD)]).toEqual([[], [], []]);
});
