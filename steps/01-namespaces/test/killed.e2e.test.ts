import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, expect, test } from 'vitest';
import { boxstep, leftovers, says } from '../../../test/boxstep.ts';
import { needs } from '../../../test/needs.ts';
import { processesWith } from '../../../test/processes.ts';
import { slowness, tries } from '../../../test/slowness.ts';
import { cgroupPath, findHierarchies, hierarchyOf, state } from '../src/index.ts';

beforeEach(needs('root'));

const WORD = 'boxstep-killed';

test('of many runs, a quarter of them killed with SIGKILL at random moments, one prune leaves nothing', async () => {
  const runs = Array.from({ length: tries(200) }, (_, n) => ({ n, kill: n % 4 === 0 }));
  const worker = async () => {
    for (let next = runs.pop(); next; next = runs.pop()) {
      const script = next.kill ? 'sleep 1000 & sleep 1000' : 'sleep 0.01 & exit 0';
      const container = boxstep('1', 'run', '--name', `${WORD}-${next.n}`, 'sh', '-c', script, WORD);
      if (next.kill) {
        await sleep(Math.random() * 400 * Math.min(5, slowness()));
        container.kill('SIGKILL');
      }
      const { exitCode, signal } = await container;
      expect(next.kill ? signal : exitCode).toBe(next.kill ? 'SIGKILL' : 0);
    }
  };
  await Promise.all(Array.from({ length: 6 }, worker));
  await expect.poll(() => processesWith(WORD)).toEqual([]);
  expect((await boxstep('1', 'prune')).exitCode).toBe(0);
  expect(leftovers(WORD)).toEqual([]);
});

test('the next run removes what a killed one left, and may have its name', async () => {
  const first = boxstep('1', 'run', '--name', `${WORD}-again`, 'sh', '-c', 'echo up; sleep 1000', WORD);
  await says(first);
  first.kill('SIGKILL');
  await first;
  expect(leftovers(WORD)).not.toEqual([]);
  const second = await boxstep('1', 'run', '--name', `${WORD}-again`, 'echo', 'second');
  expect(second).toMatchObject({ exitCode: 0, stdout: 'second' });
  expect(leftovers(WORD)).toEqual([]);
});

test('prune says whose remains it removed, and leaves running containers alone', async () => {
  const flags = ['--stop-timeout', '0', '--name', `${WORD}-living`];
  const living = boxstep('1', 'run', ...flags, 'sh', '-c', 'echo up; sleep 1000', WORD);
  const dead = boxstep('1', 'run', '--name', `${WORD}-dead`, 'sh', '-c', 'echo up; sleep 1000', WORD);
  await Promise.all([living, dead].map((container) => says(container)));
  dead.kill('SIGKILL');
  await dead;
  expect((await boxstep('1', 'prune')).stdout).toBe(`${WORD}-dead`);
  expect(processesWith(`${WORD}-living`).length).toBeGreaterThan(0);
  living.kill('SIGTERM');
  expect((await living).exitCode).toBe(137);
  expect(leftovers(WORD)).toEqual([]);
});

test('a container whose journal somebody removed is left alone while it runs', async () => {
  const script = 'trap "echo survived; exit" USR1; echo up; while :; do sleep 0.1; done';
  const living = boxstep('1', 'run', '--name', `${WORD}-lost`, 'sh', '-c', script, WORD);
  await says(living);
  rmSync(join(state().journals, `${WORD}-lost`));
  await boxstep('1', 'prune');
  living.kill('SIGUSR1');
  expect(await living).toMatchObject({ exitCode: 0, stdout: 'up\nsurvived' });
  expect(leftovers(WORD)).toEqual([]);
});

test('a cgroup of ours that no one owns is removed, too', async () => {
  const stray = cgroupPath(hierarchyOf('pids', findHierarchies()), `${WORD}-stray`);
  mkdirSync(join(stray, 'below'), { recursive: true });
  const { stdout } = await boxstep('1', 'prune');
  expect(stdout).toBe(`${WORD}-stray`);
  expect(leftovers(WORD)).toEqual([]);
});
