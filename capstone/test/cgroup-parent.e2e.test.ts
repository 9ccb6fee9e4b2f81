import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultRootfsPath, findHierarchies, hierarchyOf, state } from 'step-10';
import { afterAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { boxstep } from '../../test/boxstep.ts';
import { needs } from '../../test/needs.ts';
import { idsOfContainers } from '../src/containers/find.ts';
import { running } from './typed.ts';

beforeEach(needs('root', 'overlay'));

afterAll(async () => {
  for (const id of idsOfContainers()) await boxstep('rm', '-f', '-v', id);
});

/** A cgroup that a user has made, with a limit on all that is in it. */
function madeAbove(most: number): { name: string; path: string } {
  const { version, mount } = hierarchyOf('pids', findHierarchies());
  const name = `${state().name}-above`;
  const path = join(mount, name);
  if (version === 2) writeFileSync(join(mount, 'cgroup.subtree_control'), '+pids', { flag: 'r+' });
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'pids.max'), String(most));
  onTestFinished(() => rmdirSync(path));
  return { name, path };
}

const FORKS = 'for i in 1 2 3 4 5 6 7 8; do sleep 1000 >/dev/null 2>&1 & done';

test('what --cgroup-parent names limits the container, exec too, and stays as it was found', async () => {
  const { name, path } = madeAbove(6);
  const { id } = await running('below', '--cgroup-parent', `${name}/inner`);
  expect(existsSync(join(path, 'inner', id))).toBe(true);
  const { stdout } = await boxstep('inspect', '-f', '{{.HostConfig.CgroupParent}}', 'below');
  expect(stdout).toBe(`${name}/inner`);
  expect((await boxstep('exec', 'below', 'sh', '-c', FORKS)).stderr).toContain('Resource temporarily unavailable');
  expect((await boxstep('pause', 'below')).exitCode).toBe(0);
  expect((await boxstep('ps', '--format', '{{.Status}}')).stdout).toMatch(/\(Paused\)$/);
  await boxstep('rm', '-f', 'below');
  expect([existsSync(path), existsSync(join(path, 'inner'))]).toEqual([true, false]); // only what was made for it is gone
});

test('a path that leads up stays below the top', async () => {
  const { stdout } = await boxstep(
    ...['run', '--rm', '--network', 'none', '--cgroupns', 'host', '--cgroup-parent', '../../'],
    ...[defaultRootfsPath(), 'cat', '/proc/self/cgroup'],
  );
  expect(stdout).toMatch(/:\/[0-9a-f]{64}$/m);
});
