import { defaultRootfsPath } from 'step-10';
import { expect, test } from 'vitest';
import { boxstep } from '../../test/boxstep.ts';
import { needs } from '../../test/needs.ts';

test('plan --shim takes the line of a container, and refuses what run refuses', { tags: ['once'] }, async () => {
  const { stdout } = await boxstep('plan', '--shim', 'docker', 'run', '--log-opt', 'max-size=5k', '--name', 'web', 'x');
  expect(stdout).toContain('lseek(63, 0, SEEK_END) >= 5000\n  then rotate');
  expect(stdout).toContain('["boxstep", "clean-up", "web"]');
  const refused = await boxstep('plan', '--shim', '--log-opt', 'max-size=5x', 'x');
  expect([refused.exitCode, refused.stdout]).toEqual([125, '']);
  expect(refused.stderr).toContain('invalid value for max-size: "5x" is not a size');
});

test('a container with a terminal has TERM, and like docker’s no PS1 unless it is asked for', {
  tags: ['once'],
}, async () => {
  const { stdout } = await boxstep('plan', '-t', defaultRootfsPath(), 'sh');
  expect(stdout).toContain('"TERM=xterm"');
  expect(stdout).not.toContain('PS1');
  expect((await boxstep('plan', '-te', 'PS1=mine', defaultRootfsPath(), 'sh')).stdout).toContain('"PS1=mine"');
});

test('demo shows a container from its start to its removal', { tags: ['once'] }, async (context) => {
  needs('root', 'overlay')(context);
  const { exitCode, stdout } = await boxstep('demo');
  expect(stdout.match(/^\$ .*$/gm)?.map((line) => line.split(' ')[2])).toEqual(
    ['run', 'ps', 'logs', 'exec', 'stop', 'wait', 'rm'], // in the order of a container's life
  );
  expect(stdout).toMatch(/^hello$/m);
  expect(stdout).toMatch(/wait demo\n5\n/);
  expect(exitCode).toBe(0);
});
