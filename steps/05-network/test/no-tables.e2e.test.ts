import { spawnSync } from 'node:child_process';
import { defaultRootfs } from 'step-01';
import { expect, test } from 'vitest';
import { boxstep, leftovers } from '../../../test/boxstep.ts';
import { needs } from '../../../test/needs.ts';

test('on a kernel without nftables a container with a network is refused, and nothing of it is left', async (context) => {
  needs('root', 'ip')(context);
  const { status } = spawnSync('unshare', ['--net', 'nft', 'add', 'table', 'inet', 'boxstep-needs']);
  if (status === 0) context.skip('this kernel has nftables');
  const { exitCode, all } = await boxstep('5', 'run', '--name', 'untold', '-p', '80', await defaultRootfs(), 'true');
  expect([exitCode, all]).toEqual([
    expect.any(Number),
    expect.stringContaining('this kernel lacks a part of nftables'),
  ]);
  expect(exitCode).not.toBe(0);
  expect(all).not.toContain('left behind');
  expect((await boxstep('5', 'prune')).all).toBe('');
  expect(leftovers('untold')).toEqual([]);
});
