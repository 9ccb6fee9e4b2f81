import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { ordinaryUser, type User, warmUp } from '../../steps/09-users/test/ordinary-user.ts';
import { boxstep } from '../../test/boxstep.ts';
import { needs } from '../../test/needs.ts';

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
  if (user) await user.boxstep('rm', '-f', 'web');
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
