import { beforeEach, expect, test } from 'vitest';
import { shell } from '../../test/boxstep.ts';
import { needs } from '../../test/needs.ts';

beforeEach(needs('root'));

/** A command in a user namespace that has a limit of its own: user_namespaces(7). */
const limited = (limit: string, command: string) =>
  shell(`unshare --user --map-root-user sh -c 'echo 0 >/proc/sys/user/${limit} && exec ${command}'`);

test('events says which limit keeps it from watching', { tags: ['once'] }, async () => {
  const { exitCode, stderr } = await limited('max_inotify_instances', './boxstep events');
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining('/proc/sys/fs/inotify/max_user_instances')]);
  expect(stderr).not.toContain('too many open files');
});
