import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cgroupPath, defaultRootfs, findHierarchies, hierarchyOf } from 'step-01';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { boxstep, leftovers, REPOSITORY, says, shell } from './boxstep.ts';
import { needs } from './needs.ts';

// One container of each step with all that it has, and what the kernels of the course's users have besides. This also
// runs in the slow guest, so it is short.

beforeEach(needs('root'));
afterAll(() => expect(leftovers('boxstep-smoke')).toEqual([]));

const steps = readdirSync(join(REPOSITORY, 'steps'))
  .filter((folder) => existsSync(join(REPOSITORY, 'steps', folder, 'src/main.ts')))
  .map((folder) => Number.parseInt(folder, 10))
  .sort((one, other) => one - other);

const LIMITS = ['-m', '64m', '--cpus', '0.5', '--pids-limit', '20'];
/** A network of its own takes nftables, which the guest lacks: step 5's own tests are about that. */
const ALONE = ['--network', 'none'];
const LOOK = 'echo "pid $$"; hostname; ls /proc/self/fd | wc -l; exit 7';

describe('a container of', { tags: ['qemu'] }, () => {
  test.each(steps)('step %i starts, is PID 1 under its own name, and leaves nothing', async (step) => {
    const root = step >= 2 ? [await defaultRootfs()] : [];
    const flags = [
      '--name',
      'boxstep-smoke',
      '--hostname',
      'smoke',
      ...(step >= 3 ? LIMITS : []),
      ...(step >= 5 ? ALONE : []),
    ];
    const { exitCode, stdout, stderr } = await boxstep(`${step}`, 'run', ...flags, ...root, 'sh', '-c', LOOK);
    expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 7, stdout: 'pid 1\nsmoke\n4', stderr: '' });
    expect(leftovers('boxstep-smoke')).toEqual([]);
  });
});

test('on v2 a limit is in the file of its controller, in bytes', { tags: ['qemu'] }, async (context) => {
  needs('v2')(context);
  const file = join(cgroupPath(hierarchyOf('memory', findHierarchies()), 'boxstep-smoke'), 'memory.max');
  const flags = ['--stop-timeout', '0', '--name', 'boxstep-smoke', ...LIMITS];
  const container = boxstep('3', 'run', ...flags, await defaultRootfs(), 'sh', '-c', 'echo up; sleep 100');
  await says(container);
  const limit = readFileSync(file, 'utf8');
  container.kill('SIGTERM');
  await container;
  expect(limit).toBe(`${64 * 1024 ** 2}\n`);
});

test('the kernel counts how long a container waits for a CPU', { tags: ['qemu'] }, async (context) => {
  needs('v2', 'pressure')(context);
  const cgroup = cgroupPath(hierarchyOf('cpu', findHierarchies()), 'boxstep-smoke');
  const flags = ['--stop-timeout', '0', '--name', 'boxstep-smoke', '--cpus', '0.1'];
  const script = 'echo up; while :; do :; done';
  const container = boxstep('3', 'run', ...flags, await defaultRootfs(), 'sh', '-c', script);
  await says(container);
  const waited = () => Number(/^some .*total=(\d+)/m.exec(readFileSync(join(cgroup, 'cpu.pressure'), 'utf8'))?.[1]);
  await expect.poll(waited, { timeout: 60_000 }).toBeGreaterThan(100_000); // microseconds
  container.kill('SIGTERM');
  await container;
});

test('a network namespace can have firewall rules of its own', { tags: ['qemu'] }, async (context) => {
  needs('nft')(context);
  const rules = 'add table ip boxstep; add chain ip boxstep out { type nat hook postrouting priority 100; };';
  const masquerade = 'add rule ip boxstep out ip saddr 10.0.0.0/8 masquerade';
  const { stdout } = await shell(`unshare --net sh -c 'nft "${rules} ${masquerade}" && nft list ruleset'`);
  expect(stdout).toContain('ip saddr 10.0.0.0/8 masquerade');
});
