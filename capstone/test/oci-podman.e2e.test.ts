import { readlinkSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { inRoot } from '../../test/boxstep.ts';
import { needs } from '../../test/needs.ts';
import { runsBox } from './clients/alike.ts';
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
  runsBox(run, inRoot('podman'));

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

  test('maps users', async () => {
    const maps = ['--uidmap', '0:100000:1000', '--gidmap', '0:100000:1000'];
    const mapped = await run(...maps, 'box', 'cat', '/proc/self/uid_map');
    expect(mapped.stdout.trim().split(/\s+/)).toEqual(['0', '100000', '1000']);
  });

  test('lets a container join the namespaces of another', async () => {
    const flags = ['-d', '--name', 'first', ...OPTIONS, '--ipc', 'shareable'];
    const first = await podman('run', ...flags, 'box', 'sleep', '1000');
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
