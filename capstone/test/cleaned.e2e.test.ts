import { readFileSync, writeFileSync } from 'node:fs';
import { SIGKILL } from 'shared-native';
import { defaultRootfsPath } from 'step-10';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { boxstep } from '../../test/boxstep.ts';
import { needs } from '../../test/needs.ts';
import { find, idsOfContainers } from '../src/containers/find.ts';
import { configPath, writeRecord } from '../src/containers/record.ts';
import { endOf } from '../src/containers/state.ts';
import { gone, signal } from '../src/gone.ts';
import { cleanRun } from './clean-run.ts';
import { leftOnHost } from './storm/left.ts';
import { stateOfNamed } from './typed.ts';

beforeEach(needs('root', 'overlay', 'nft', 'ip', 'busybox'));
afterAll(removeAll);

async function removeAll(): Promise<void> {
  for (const id of idsOfContainers()) await boxstep('rm', '-f', '-v', id);
  await boxstep('network', 'rm', '-f', 'net');
}

const run = (name: string, ...flags: string[]) =>
  boxstep('run', '-d', '--name', name, ...flags, defaultRootfsPath(), 'sleep', '1000');
const addressOf = async (...command: string[]) =>
  /inet (10\.45\.\S+)\//.exec((await boxstep(...command, 'ip', '-4', '-o', 'addr')).stdout)?.[1];

test('a cleaned /run leaves nobody unwatched, and nothing on the host when they have ended', async () => {
  await removeAll(); // of a first try
  await boxstep('network', 'create', '--subnet', '10.45.0.0/24', 'net');
  await run('web', '--network', 'net', '-p', '18081:80', '--userns', 'auto', '-v', '/data', '-m', '64m');
  await run('box');
  await boxstep('network', 'connect', 'net', 'box');
  await run('still', '--network', 'none');
  await boxstep('pause', 'still');
  const failing = ['--restart', 'always', '--network', 'none', defaultRootfsPath(), 'sh', '-c', 'exit 3'];
  await boxstep('run', '-d', '--name', 'again', ...failing);
  const its = await addressOf('exec', 'web');

  cleanRun();

  expect((await boxstep('prune')).stderr).toBe(''); // it may name the one that ends again and again
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
  expect((await boxstep('prune')).stderr).toBe('');
  expect(leftOnHost()).toEqual([]);
});

/** What a reboot leaves: no process, no /run, and records of another boot. */
async function reboot(): Promise<void> {
  for (const id of idsOfContainers()) {
    const { run } = find(id);
    if (run.status !== 'begun' || !run.shim || !run.process) continue;
    signal(run.shim, SIGKILL); // and its container dies with it; or it has ended, and so has what cleans up after it
    for (const one of [run.shim, run.process]) await gone(one);
    const text = readFileSync(configPath(id), 'utf8');
    writeFileSync(configPath(id), text.replace(/"boot":"[^"]*"/, '"boot":"another"'));
  }
  cleanRun();
}

test('prune ends what was cut short after the record of an end, where /run was cleaned, too', async () => {
  await removeAll();
  await run('cut', '-p', '18083:80');
  const record = find('cut');
  const begun = record.run;
  if (begun.status !== 'begun' || !begun.shim || !begun.process) throw new Error('it does not run');
  process.kill(begun.shim.pid, 'SIGKILL');
  await gone(begun.process);
  writeRecord({ ...record, run: endOf(record.id, begun) }); // as far as a clean-up came that was killed
  cleanRun();
  expect((await boxstep('prune')).stderr).toBe('');
  expect(leftOnHost().filter((one) => !one.startsWith('lib/'))).toEqual([]);
  await boxstep('rm', 'cut');
  expect(leftOnHost()).toEqual([]);
});

test('after a reboot start --all-that-should starts what should run, and removes what had --rm', async () => {
  await removeAll();
  await run('always', '--network', 'none', '--restart', 'always');
  await run('stopped', '--network', 'none', '--restart', 'unless-stopped');
  await boxstep('stop', '-t', '0', 'stopped');
  await boxstep('create', '--name', 'never', '--restart', 'always', defaultRootfsPath(), 'sleep', '1000');
  await run('gone', '--rm', '-p', '18082:80');
  await reboot();
  expect(stateOfNamed('always')).toMatchObject({ status: 'exited', exitCode: 255 });
  expect(await boxstep('start', '--all-that-should')).toMatchObject({ stdout: 'always', stderr: '' });
  const { stdout } = await boxstep('ps', '-a', '--format', '{{.Names}} {{.State}}');
  expect(stdout).toBe('never created\nstopped exited\nalways running');
  await boxstep('rm', '-f', 'always', 'stopped', 'never');
  expect((await boxstep('prune')).all).toBe('');
  expect(leftOnHost()).toEqual([]);
});
