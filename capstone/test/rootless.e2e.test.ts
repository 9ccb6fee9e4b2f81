import { statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ordinaryUser, UID, type User, warmUp } from '../../steps/09-users/test/ordinary-user.ts';
import { answer, giveWayOut } from '../../steps/09-users/test/way-out.ts';
import { boxstep } from '../../test/boxstep.ts';
import { needs } from '../../test/needs.ts';
import { processesWith } from '../../test/processes.ts';
import { slowness } from '../../test/slowness.ts';

// The capstone's commands, as an ordinary user types them: each is another process, which must find what another one started.

beforeEach(needs('root', 'uidmap', 'overlay', 'an open folder'));

let user: User;
beforeAll(async () => {
  if (process.geteuid?.() !== 0) return;
  await Promise.all([warmUp(), boxstep('ps')]); // a user may not write the cache of a start
  user = ordinaryUser();
  await user.nine('rootfs');
});
afterAll(async () => {
  if (user) await user.boxstep('rm', '-f', 'web', 'again', 'full');
});

const run = (name: string, flags: readonly string[], script: string) =>
  user.boxstep('run', '-d', '--name', name, ...flags, user.rootfs, 'sh', '-c', script);
const said = async (...args: string[]) => (await user.boxstep(...args)).all;

test('a user’s container is found, joined, stopped, started and removed by commands that come later', async () => {
  expect((await run('web', ['--network', 'none'], 'echo up; trap "exit 4" TERM; sleep 1000 & wait')).exitCode).toBe(0);
  await expect.poll(() => said('logs', 'web')).toBe('up');
  expect(await said('exec', 'web', 'sh', '-c', 'id -u; cat /proc/1/comm')).toBe('0\nsh'); // EACCES: it was in a user namespace of its own
  expect(await said('stop', 'web')).toBe('web');
  expect(await said('inspect', '-f', '{{.State.Status}} {{.State.ExitCode}}', 'web')).toBe('exited 4');
  expect(await said('start', 'web')).toBe('web');
  expect(await said('exec', 'web', 'echo', 'joined')).toBe('joined');
  expect(await said('rm', '-f', 'web')).toBe('web');
});

test('exec into a container of a user with one id alone was refused, since nobody there may choose groups', async () => {
  const one = ordinaryUser(false);
  const words = ['--network', 'none', user.rootfs, 'sh', '-c', 'sleep 1000'];
  expect((await one.boxstep('run', '-d', '--name', 'one', ...words)).exitCode).toBe(0);
  expect((await one.boxstep('exec', 'one', 'id', '-u')).all).toBe('0');
  expect((await one.boxstep('rm', '-f', 'one')).all).toBe('one');
});

test('a restart policy starts a user’s container again', async () => {
  const policy = ['--network', 'none', '--restart', 'on-failure:1'];
  expect((await run('again', policy, 'echo up; exit 3')).exitCode).toBe(0);
  const state = () => said('inspect', '-f', '{{.State.Status}} {{.RestartCount}}', 'again');
  await expect.poll(state, { timeout: 60_000 * slowness() }).toBe('exited 1');
  expect(await said('logs', 'again')).toBe('up\nup');
  expect(await said('rm', 'again')).toBe('again');
});

test('files go in and out, and an image, a volume and all else that a user has made are pruned', async () => {
  expect(
    (await run('full', ['--network', 'none', '-v', 'data:/data'], 'echo x >/data/x; exec sleep 1000')).exitCode,
  ).toBe(0);
  expect(await said('stats', '--no-stream', 'full')).toMatch(/\bfull\b/);
  await expect.poll(() => said('exec', 'full', 'cat', '/data/x')).toBe('x');
  expect((await user.boxstep('cp', 'full:/data/x', user.home)).exitCode).toBe(0);
  expect(statSync(join(user.home, 'x')).uid).toBe(UID);
  expect((await user.boxstep('cp', join(user.home, 'x'), 'full:/copied')).exitCode).toBe(0);
  expect(await said('exec', 'full', 'stat', '-c', '%u', '/copied')).toBe('0');
  expect(await said('commit', '--pause=false', 'full', 'mine:1')).toMatch(/^sha256:/m);
  expect(await said('run', '--rm', '--network', 'none', 'mine:1', 'cat', '/copied')).toBe('x');
  expect(await said('rm', '-f', 'full')).toBe('full');
  expect(await said('volume', 'prune', '-af')).toContain('data');
  expect(await said('system', 'prune', '-af')).toContain('mine:1');
  expect(await said('images', '-q')).toBe('');
});

describe('with a network', () => {
  beforeEach(needs('pasta', 'ip', 'tun'));
  beforeAll(giveWayOut);

  test('a port that pasta publishes was kept from it by the container’s shim', async () => {
    const flags = ['-p', '127.0.0.1:8766:80'];
    expect((await run('web', flags, 'nc -ll -p 80 -e echo hello')).exitCode).toBe(0);
    await expect.poll(() => answer(8766)).toBe('hello\n');
    expect(await said('port', 'web')).toBe('80/tcp -> 127.0.0.1:8766');
    expect(await said('restart', '-t', '0', 'web')).toBe('web');
    await expect.poll(() => answer(8766)).toBe('hello\n');
    expect(await said('rm', '-f', 'web')).toBe('web');
    expect(processesWith(join(user.home, 'run'), () => true)).toEqual([]);
  });
});
