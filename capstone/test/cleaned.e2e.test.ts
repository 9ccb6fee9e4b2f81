import { rmSync } from 'node:fs';
import { defaultRootfsPath, state } from 'step-10';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { boxstep } from '../../test/boxstep.ts';
import { needs } from '../../test/needs.ts';
import { idsOfContainers } from '../src/containers/find.ts';
import { leftOnHost } from './storm/left.ts';
import { stateOfNamed } from './typed.ts';

beforeEach(needs('root', 'overlay', 'nft', 'ip', 'busybox'));
afterAll(async () => {
  for (const id of idsOfContainers()) await boxstep('rm', '-f', '-v', id);
});

const run = (name: string, ...flags: string[]) =>
  boxstep('run', '-d', '--name', name, ...flags, defaultRootfsPath(), 'sleep', '1000');
const addressOf = async (...command: string[]) =>
  /inet (10\.45\.\S+)\//.exec((await boxstep(...command, 'ip', '-4', '-o', 'addr')).stdout)?.[1];

test('a cleaned /run leaves nobody unwatched, and nothing on the host when they have ended', async () => {
  await boxstep('rm', '-f', '-v', 'web', 'box', 'still', 'again'); // of a first try
  await boxstep('network', 'create', '--subnet', '10.45.0.0/24', 'net');
  await run('web', '--network', 'net', '-p', '18081:80', '--userns', 'auto', '-v', '/data', '-m', '64m');
  await run('box');
  await boxstep('network', 'connect', 'net', 'box');
  await run('still', '--network', 'none');
  await boxstep('pause', 'still');
  const failing = ['--restart', 'always', '--network', 'none', defaultRootfsPath(), 'sh', '-c', 'exit 3'];
  await boxstep('run', '-d', '--name', 'again', ...failing);
  const its = await addressOf('exec', 'web');

  rmSync(state().journals, { recursive: true });

  expect((await boxstep('prune')).all).toBe('');
  const shown = await boxstep('ps', '--format', '{{.Names}} {{.State}}', '-f', 'status=running', '-f', 'status=paused');
  expect(shown.stdout.split('\n').filter((line) => !line.startsWith('again'))).toEqual([
    'still paused',
    'box running',
    'web running',
  ]);
  expect(await addressOf('exec', 'web')).toBe(its);
  const other = await addressOf('run', '--rm', '--network', 'net', defaultRootfsPath());
  expect([its, await addressOf('exec', 'box')]).not.toContain(other);
  await boxstep('stop', '-t', '0', 'web');
  expect(stateOfNamed('web')).toMatchObject({ status: 'exited', exitCode: 137 });
  expect((await boxstep('start', 'web')).all).toBe('web');
  expect((await boxstep('unpause', 'still')).all).toBe('still');
  expect((await boxstep('network', 'disconnect', 'net', 'box')).all).toBe('');

  expect((await boxstep('rm', '-f', '-v', 'web', 'box', 'still', 'again')).stderr).toBe('');
  await boxstep('network', 'rm', 'net');
  expect((await boxstep('prune')).all).toBe('');
  expect(leftOnHost()).toEqual([]);
});
