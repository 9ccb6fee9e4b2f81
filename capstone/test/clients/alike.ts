import { expect, test } from 'vitest';
import type { Client } from './client.ts';

const CGROUPS = '/sys/fs/cgroup';

/** The files with limits on memory and processes, as a container sees them: v1's and v2's. */
const LIMITS = ['memory/memory.limit_in_bytes', 'memory.max', 'pids/pids.max', 'pids.max'];

/**
 * Tests what docker and podman do alike with the image `box`.
 *
 * @param run - runs a container, which is removed when it has ended
 * @param folder - the one with the archive of the image
 */
export function runsBox(run: Client, folder: string): void {
  test('runs a command, and ends with its status', async () => {
    const { exitCode, all } = await run('box', 'sh', '-c', 'echo hello; exit 3');
    expect([exitCode, all]).toEqual([3, 'hello']);
  });

  test.each([
    [127, 'no-such', 'executable file not found'],
    [126, '/etc', 'permission denied'],
  ])('ends with %i where %s is to be the program, and says why', async (status, program, why) => {
    const { exitCode, stderr } = await run('box', program);
    expect([exitCode, stderr]).toEqual([status, expect.stringContaining(why)]);
  });

  test('gives limits, mounts, users, devices and a terminal', async () => {
    const shown = `cat ${LIMITS.map((name) => `${CGROUPS}/${name}`).join(' ')} 2>/dev/null`;
    const limited = await run('-m', '32m', '--pids-limit', '20', '--cpus', '0.5', 'box', 'sh', '-c', shown);
    expect(limited.stdout, limited.all).toBe('33554432\n20');
    const bound = ['-v', `${folder}:/mnt:ro`, '--tmpfs', '/tmp:size=1m', '--device', '/dev/null:/dev/hole'];
    const mounted = await run(...bound, 'box', 'sh', '-c', 'ls /mnt; touch /mnt/x; touch /tmp/y; echo x > /dev/hole');
    expect(mounted.stdout).toMatch(/^box.tar$/m);
    expect(mounted.stderr).toMatch(/^touch: .*Read-only file system$/);
    const user = await run('--read-only', '--cap-drop', 'all', '--user', '5:6', 'box', 'sh', '-c', 'id -u; touch /x');
    expect([user.stdout, user.stderr]).toEqual(['5', expect.stringContaining('Read-only')]);
    expect((await run('-t', 'box', 'tty')).stdout.trim()).toBe('/dev/pts/0');
  });
}
