import { readlinkSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { inRoot } from '../../test/boxstep.ts';
import { needs } from '../../test/needs.ts';
import { cgroupParent, RUNTIME } from './clients/apart.ts';
import { client, importBox, prepare } from './clients/client.ts';

beforeEach(needs('root', 'podman'));

const podman = client('podman', {
  CONTAINERS_CONF: inRoot('containers.conf'),
  CONTAINERS_STORAGE_CONF: inRoot('storage.conf'),
});
const OPTIONS = ['--network', 'none', '--cgroup-parent', cgroupParent()];
const run = (...args: string[]) => podman('run', '--rm', ...OPTIONS, ...args);
const inspected = async (name: string, what: string) => (await podman('inspect', '-f', `{{${what}}}`, name)).stdout;

let isPrepared = false;

beforeAll(async () => {
  isPrepared = await prepare('podman');
  if (!isPrepared) return;
  writeFileSync(
    inRoot('containers.conf'),
    `[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1000:1000"]
[engine]
cgroup_manager = "cgroupfs"
events_logger = "none"
runtime = "${RUNTIME}"
`,
  );
  const storage = `driver = "vfs"\ngraphroot = "${inRoot('podman/graph')}"\nrunroot = "/run/containers"\n`;
  writeFileSync(inRoot('storage.conf'), `[storage]\n${storage}`);
  await importBox(podman, inRoot('podman'));
});

afterAll(async () => {
  if (isPrepared) await podman('rm', '--all', '--force', '--time', '0'); // otherwise they would be the user's
});

describe('podman', { tags: ['once'] }, () => {
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

  test('execs, pauses, lists, stops, starts and removes', async () => {
    const began = await podman('run', '-d', '--name', 'life', ...OPTIONS, 'box', 'sleep', '1000');
    expect(began.exitCode, began.all).toBe(0);
    const inside = await podman('exec', '-u', '33:33', '-w', '/tmp', 'life', 'sh', '-c', 'id -u; pwd; exit 4');
    expect([inside.exitCode, inside.stdout]).toEqual([4, '33\n/tmp']);
    expect((await podman('exec', 'life', 'no-such')).exitCode).toBe(127);
    await podman('pause', 'life');
    expect(await inspected('life', '.State.Status')).toBe('paused');
    await podman('unpause', 'life');
    expect((await podman('top', 'life', 'pid', 'comm')).stdout).toMatch(/1\s+sleep/);
    expect((await podman('stats', '--no-stream', '--format', '{{.PIDs}}', 'life')).stdout).toBe('1');
    await podman('stop', '-t', '0', 'life');
    expect(await inspected('life', '.State.Status')).toBe('exited');
    await podman('start', 'life');
    expect(await inspected('life', '.State.Status')).toBe('running');
    expect((await podman('rm', '-f', '-t', '0', 'life')).exitCode).toBe(0);
  });

  test('keeps what a container says, and initialises one before it starts', async () => {
    await podman('create', '--name', 'said', ...OPTIONS, 'box', 'echo', 'logged');
    await podman('init', 'said');
    expect(await inspected('said', '.State.Status')).toMatch(/^(initialized|created)$/);
    expect((await podman('start', '-a', 'said')).stdout).toBe('logged');
    expect((await podman('logs', 'said')).stdout).toBe('logged');
  });

  test('gives limits, mounts, users, devices and a terminal', async () => {
    const files = '/sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max';
    const limited = await run('-m', '32m', '--pids-limit', '20', 'box', 'sh', '-c', `cat ${files} 2>/dev/null`);
    expect(limited.stdout, limited.all).toBe('33554432');
    const bound = ['-v', `${inRoot('podman')}:/mnt:ro`, '--tmpfs', '/tmp:size=1m', '--device', '/dev/null:/dev/hole'];
    const mounted = await run(...bound, 'box', 'sh', '-c', 'ls /mnt; touch /mnt/x; touch /tmp/y; echo x > /dev/hole');
    expect(mounted.stdout).toMatch(/^box.tar$/m);
    expect(mounted.stderr).toMatch(/^touch: .*Read-only file system$/);
    const user = await run('--read-only', '--cap-drop', 'all', '--user', '5:6', 'box', 'sh', '-c', 'id -u; touch /x');
    expect([user.stdout, user.stderr]).toEqual(['5', expect.stringContaining('Read-only')]);
    const maps = ['--uidmap', '0:100000:1000', '--gidmap', '0:100000:1000'];
    const mapped = await run(...maps, 'box', 'cat', '/proc/self/uid_map');
    expect(mapped.stdout.trim().split(/\s+/)).toEqual(['0', '100000', '1000']);
    expect((await run('-t', 'box', 'tty')).stdout.trim()).toBe('/dev/pts/0');
  });

  test('lets a container join the namespaces of another', async () => {
    const first = await podman(
      'run',
      '-d',
      '--name',
      'first',
      ...OPTIONS,
      '--ipc',
      'shareable',
      'box',
      'sleep',
      '1000',
    );
    expect(first.exitCode, first.all).toBe(0);
    const shared = ['ipc', 'pid', 'network'].flatMap((kind) => [`--${kind}`, 'container:first']);
    const shown = 'ps; for kind in ipc pid net; do readlink /proc/self/ns/$kind; done';
    const second = await podman('run', '--rm', '--cgroup-parent', cgroupParent(), ...shared, 'box', 'sh', '-c', shown);
    expect(second.stdout).toContain('sleep 1000');
    const pid = await inspected('first', '.State.Pid');
    const its = ['ipc', 'pid', 'net'].map((kind) => readlinkSync(`/proc/${pid}/ns/${kind}`));
    expect(second.stdout.split('\n').slice(-3)).toEqual(its);
  });
});
