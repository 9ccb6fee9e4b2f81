import { readFileSync, writeFileSync } from 'node:fs';
import { defaultRootfsPath } from 'step-01';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { inRoot } from '../../test/boxstep.ts';
import { needs } from '../../test/needs.ts';
import { cgroupParent, RUNTIME } from './clients/apart.ts';
import { client, prepare } from './clients/client.ts';
import { type Daemon, startDaemon } from './daemon.ts';

beforeEach(needs('root', 'containerd'));

const ctr = client('ctr');

/** Without a cgroup that is named, ctr's containers would be in `/default`, and not below the tests'. */
function run(name: string, flags: readonly string[], ...command: string[]) {
  const own = ['--runc-binary', RUNTIME, '--cgroup', `${cgroupParent()}/${name}`];
  return ctr('run', ...own, ...flags, '--rootfs', defaultRootfsPath(), name, ...command);
}

const statusOf = async (name: string) =>
  new RegExp(`^${name}\\s+\\d+\\s+(\\w+)`, 'm').exec((await ctr('t', 'ls')).stdout)?.[1];

let daemon: Daemon | undefined;

beforeAll(async () => {
  if (!(await prepare('containerd'))) return;
  const unused = [
    'io.containerd.grpc.v1.cri',
    'io.containerd.snapshotter.v1.aufs',
    'io.containerd.snapshotter.v1.btrfs',
  ];
  const config = `version = 2\nroot = "${inRoot('containerd')}"\nstate = "/run/containerd"\ndisabled_plugins = ${JSON.stringify(unused)}\n`;
  writeFileSync(inRoot('containerd.toml'), config);
  daemon = await startDaemon(['containerd', '-c', inRoot('containerd.toml')], 'containerd successfully booted');
});

afterAll(() => daemon?.close());

describe('containerd’s ctr', { tags: ['once'] }, () => {
  test('runs a command, and ends with its status', async () => {
    const { exitCode, stdout } = await run('said', ['--rm'], 'sh', '-c', 'echo hello; exit 3');
    expect([exitCode, stdout]).toEqual([3, 'hello']);
  });

  test('is told why there is no program', async () => {
    const { exitCode, all } = await run('missing', ['--rm'], 'no-such');
    expect([exitCode, all]).toEqual([1, expect.stringContaining('executable file not found in $PATH')]);
  });

  test('execs, pauses, measures, lists and kills a task; a checkpoint is refused', async () => {
    const began = await run('life', ['-d', '--memory-limit', '33554432'], 'sleep', '1000');
    expect(began.exitCode, began.all).toBe(0);
    const inside = await ctr('t', 'exec', '--exec-id', 'one', 'life', 'sh', '-c', 'echo in; exit 4');
    expect([inside.exitCode, inside.stdout]).toEqual([4, 'in']);
    await ctr('t', 'pause', 'life');
    expect(await statusOf('life')).toBe('PAUSED');
    await ctr('t', 'resume', 'life');
    const { stdout: metrics } = await ctr('t', 'metrics', 'life');
    expect(metrics).toMatch(/^memory\S*limit\S* +33554432 *$/m);
    expect(metrics).toMatch(/^pids.current +1 *$/m);
    expect((await ctr('t', 'ps', 'life')).stdout).toMatch(/^\d+ /m);
    expect((await ctr('t', 'checkpoint', 'life')).all).toContain('stores no processes');
    expect(await statusOf('life')).toBe('RUNNING');
    await ctr('t', 'kill', '-s', 'KILL', 'life');
    await expect.poll(() => statusOf('life')).toBe('STOPPED');
    await ctr('t', 'rm', 'life');
    expect((await ctr('c', 'rm', 'life')).exitCode).toBe(0);
  });

  test('gives mounts, variables and privileges', async () => {
    const bind = `type=bind,src=${inRoot('containerd')},dst=/mnt,options=rbind:ro`;
    const flags = ['--rm', '--mount', bind, '--env', 'A=b'];
    const mounted = await run('mounted', flags, 'sh', '-c', 'echo $A; touch /mnt/x');
    expect([mounted.stdout, mounted.stderr]).toEqual(['b', expect.stringContaining('Read-only')]);
    const privileged = await run('privileged', ['--rm', '--privileged'], 'grep', 'CapEff', '/proc/self/status');
    const ours = /^CapPrm:\s+(\w+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    expect(privileged.stdout).toContain(ours);
  });
});
