import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { says } from '../../../test/boxstep.ts';
import { isStill, processStat } from '../src/engine/process-stat.ts';

test('a process is known by its number and when it started, whatever it is called', async () => {
  const child = spawn('sh', ['-c', 'printf "a) R 1 (b) " >/proc/$$/comm; echo ready; read it']);
  onTestFinished(() => void child.kill());
  await says(child);
  const pid = child.pid ?? 0;
  const stat = processStat(pid);
  expect(stat).toMatchObject({ name: 'a) R 1 (b) ', parent: process.pid, ending: false });
  expect(stat?.layout).toMatch(/^\d+,\d+,\d+$/);
  const { started } = stat as { started: string };
  expect([isStill({ pid, started }), isStill({ pid, started: '1' })]).toEqual([true, false]);
  child.stdin.end();
  await once(child, 'exit');
  expect(processStat(pid)).toBeUndefined();
});
