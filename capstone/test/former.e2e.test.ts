import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { SIGKILL } from 'shared-native';
import { defaultRootfsPath, state } from 'step-10';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { boxstep, shell } from '../../test/boxstep.ts';
import { needs } from '../../test/needs.ts';
import { find } from '../src/containers/find.ts';
import { gone, signal } from '../src/gone.ts';
import { processesOf } from './typed.ts';

beforeEach(needs('root', 'overlay', 'nft'));
afterAll(() => boxstep('rm', '-f', 'killed', 'next'));

const run = (name: string, ...flags: string[]) =>
  boxstep('run', '-d', '--name', name, ...flags, defaultRootfsPath(), 'sleep', '600');

test('a port that a killed container had published doesn’t lead to the next one that has its address', async () => {
  await run('killed', '-p', '18085:80');
  const { shim, process } = processesOf('killed');
  signal(shim, SIGKILL);
  await gone(process);
  expect((await shell('nft list ruleset')).all).toContain('dport 18085');
  await run('next');
  expect(readdirSync(join(state().journals, '.addresses/bridge/172.17.0.2'))).toEqual([find('next').id]);
  expect((await shell('nft list ruleset')).all).not.toContain('dport 18085');
  expect(await boxstep('prune')).toMatchObject({ exitCode: 0, stderr: '' });
  expect((await boxstep('exec', 'next', 'ping', '-c1', '-W9', '172.17.0.1')).exitCode).toBe(0);
});
