import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { boxstep, leftovers, shell } from '../../../test/boxstep.ts';
import { needs } from '../../../test/needs.ts';
import { cgroupPath, findHierarchies, hierarchyOf, PIDS_LIMIT } from '../src/index.ts';

beforeEach(needs('root'));
afterAll(() => expect(leftovers('boxstep-limit')).toEqual([]));

test('a fork bomb stops at the limit: fork says EAGAIN, and the host goes on', async () => {
  const bomb = 'bomb() { bomb | bomb & }; bomb 2>/dev/null; sleep 2; cat /proc/loadavg';
  const container = boxstep('1', 'run', '--name', 'boxstep-limit-bomb', 'sh', '-c', bomb);
  const cgroup = cgroupPath(hierarchyOf('pids', findHierarchies()), 'boxstep-limit-bomb');
  let most = 0;
  const watch = setInterval(() => {
    try {
      most = Math.max(most, Number(readFileSync(join(cgroup, 'pids.current'), 'utf8')));
    } catch {} // not there yet, or no more
  }, 20);
  await container;
  clearInterval(watch);
  expect(most).toBeGreaterThan(PIDS_LIMIT / 2);
  expect(most).toBeLessThanOrEqual(PIDS_LIMIT);
  expect((await shell('echo the host can fork')).stdout).toBe('the host can fork');
});

test('the process after the last that fits is refused', async () => {
  const script = `i=0; while [ $i -lt ${PIDS_LIMIT} ]; do sleep 20 & i=$((i+1)); done`;
  const { stderr } = await boxstep('1', 'run', '--name', 'boxstep-limit-n', 'sh', '-c', script);
  expect(stderr).toMatch(/[Cc]an(no|')t fork|fork: Resource temporarily unavailable/);
});

test('the limit is that of the container: it may not raise it, for it cannot see its cgroup', async () => {
  const name = 'boxstep-limit-see';
  const cgroup = cgroupPath(hierarchyOf('pids', findHierarchies()), name);
  const { exitCode } = await boxstep('1', 'run', '--name', name, 'ls', cgroup);
  expect(exitCode).not.toBe(0);
});

test('a cgroup filesystem that is read-only is named, and nothing is left behind', async () => {
  const { mount, mountedAt = mount } = hierarchyOf('pids', findHierarchies());
  const readOnly = `unshare -m sh -c 'mount -o remount,bind,ro ${mountedAt} && ./boxstep 1 run --name boxstep-limit-ro true'`;
  const { exitCode, stderr } = await shell(readOnly);
  expect(exitCode).toBe(125);
  expect(stderr).toMatch(/^boxstep: mkdir -p \S+: EROFS: the filesystem is mounted read-only/);
});

test('a machine without cgroups is told how to mount them', async () => {
  const mounts = findHierarchies()
    .map(({ mount, mountedAt = mount }) => mountedAt)
    .join(' ');
  const { exitCode, stderr } = await shell(`unshare -m sh -c 'umount ${mounts} && ./boxstep 1 run true'`);
  expect(exitCode).toBe(125);
  expect(stderr).toMatch(/no cgroup filesystem is mounted.*mount -t cgroup2/);
});
