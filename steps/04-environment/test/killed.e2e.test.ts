import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { defaultRootfs } from 'step-03';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { boxstep, leftovers, REPOSITORY, says } from '../../../test/boxstep.ts';
import { needs } from '../../../test/needs.ts';
import { alive, processesWith } from '../../../test/processes.ts';
import { slowness, tries } from '../../../test/slowness.ts';

beforeEach(needs('root'));

const WORD = 'boxstep-killed-4';
const folder = mkdtempSync(join(tmpdir(), 'boxstep-killed-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('of many runs as another user, killed with SIGKILL at random moments, no process lives on', async () => {
  const rootfs = await defaultRootfs();
  const runs = Array.from({ length: tries(120) }, (_, n) => n);
  const worker = async () => {
    for (let n = runs.pop(); n !== undefined; n = runs.pop()) {
      const flags = ['-u', '1000', '--name', `${WORD}-${n}`, ...(n % 3 === 0 ? ['-t'] : [])];
      const container = boxstep('4', 'run', ...flags, rootfs, 'sh', '-c', 'sleep 1000 & sleep 1000', WORD);
      await sleep((50 + Math.random() * 400) * Math.min(5, slowness()));
      container.kill('SIGKILL');
      const { signal, all } = await container;
      expect(signal, all).toBe('SIGKILL');
    }
  };
  await Promise.all(Array.from({ length: 4 }, worker));
  await expect.poll(() => processesWith(WORD)).toEqual([]);
  expect((await boxstep('4', 'prune')).exitCode).toBe(0);
  expect(leftovers(WORD)).toEqual([]);
});

/** A runtime whose child becomes another user, waits until a pipe is opened, and only then asks for the signal. */
const RUNTIME = (fifo: string, checks: boolean) => `
  import * as native from 'shared-native';
  import { attended } from '${REPOSITORY}/steps/01-namespaces/src/engine/attend.ts';
  const program = [
    native.setresuid(1000, 1000, 1000),
    native.openat(native.AT_FDCWD, '${fifo}', native.O_RDONLY),
    native.prctl(native.PR_SET_PDEATHSIG, 'SIGKILL'),
    native.execve('/bin/sleep', ['sleep', '1000'], []),
  ];
  const clone = (calls) => native.clone(calls);
  const child = ${checks ? 'attended(program, clone, [])' : 'clone(program)'};
  child.proceed();
  console.log(child.pid);
`;

test.each([
  [true, 'stops, because it asks'],
  [false, 'would live on if it did not ask'],
])('a child whose parent dies between setresuid and prctl (asks: %s) %s', async (checks) => {
  const fifo = join(folder, `fifo-${checks}`);
  execFileSync('mkfifo', ['-m', '666', fifo]);
  execFileSync('chmod', ['755', folder]);
  const args = ['--input-type=module', '-e', RUNTIME(fifo, checks)];
  const runtime = spawn(process.execPath, args, {
    cwd: join(REPOSITORY, 'steps/04-environment'),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const pid = Number(await says(runtime));
  await expect.poll(() => readFileSync(`/proc/${pid}/status`, 'utf8')).toMatch(/^Uid:\t1000/m);
  runtime.kill('SIGKILL');
  await once(runtime, 'exit');
  expect(alive(pid)).toBe(true); // the change of ids made the kernel forget the signal
  closeSync(openSync(fifo, 'w'));
  try {
    if (checks) await expect.poll(() => alive(pid)).toBe(false);
    else await expect.poll(() => readFileSync(`/proc/${pid}/comm`, 'utf8')).toBe('sleep\n');
  } finally {
    if (alive(pid)) process.kill(pid, 'SIGKILL');
  }
});
