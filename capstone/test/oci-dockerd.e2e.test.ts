import { readlinkSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { inRoot } from '../../test/boxstep.ts';
import { needs } from '../../test/needs.ts';
import { runsBox } from './clients/alike.ts';
import { cgroupParent, RUNTIME } from './clients/apart.ts';
import { client, importBox, prepare } from './clients/client.ts';
import { type Daemon, startDaemon } from './daemon.ts';

beforeEach(needs('root', 'dockerd'));

const docker = client('docker', { DOCKER_CONFIG: inRoot('dockerd'), DOCKER_HOST: 'unix:///run/docker.sock' });
const run = (...args: string[]) => docker('run', '--rm', '--network', 'none', ...args);
const inspected = async (name: string, what: string) => (await docker('inspect', '-f', `{{${what}}}`, name)).stdout;

let daemon: Daemon | undefined;

beforeAll(async () => {
  if (!(await prepare('dockerd'))) return;
  const apart = [
    '--iptables=false',
    '--ip6tables=false',
    '--ip-forward=false',
    '--bridge=none',
    '--storage-driver',
    'vfs',
  ];
  const places = ['--data-root', inRoot('dockerd/data'), '-H', 'unix:///run/docker.sock'];
  const cgroups = ['--exec-opt', 'native.cgroupdriver=cgroupfs', '--cgroup-parent', cgroupParent()];
  const runtime = ['--add-runtime', `boxstep=${RUNTIME}`, '--default-runtime', 'boxstep'];
  daemon = await startDaemon(['dockerd', ...places, ...apart, ...cgroups, ...runtime], 'API listen on');
  await importBox(docker, inRoot('dockerd'));
});

afterAll(async () => {
  if (!daemon) return;
  const { stdout } = await docker('ps', '-aq');
  if (stdout) await docker('rm', '-f', ...stdout.split('\n'));
  await daemon.close();
});

describe('dockerd', { tags: ['once'] }, () => {
  test('has this runtime as its default', async () => {
    expect((await docker('info', '-f', '{{.DefaultRuntime}}')).stdout).toBe('boxstep');
  });

  runsBox(run, inRoot('dockerd'));

  test('execs, pauses, updates, lists, stops, starts and removes', async () => {
    const flags = ['-d', '--name', 'life', '--network', 'none'];
    const began = await docker('run', ...flags, 'box', 'sh', '-c', 'echo up; exec sleep 1000');
    expect(began.exitCode, began.all).toBe(0);
    const inside = await docker('exec', '-u', '33', '-w', '/tmp', 'life', 'sh', '-c', 'id -u; pwd; exit 4');
    expect([inside.exitCode, inside.stdout]).toEqual([4, '33\n/tmp']);
    const missing = await docker('exec', 'life', 'no-such'); // 126 or 127, by docker’s version
    expect(missing.all).toContain('executable file not found');
    await docker('pause', 'life');
    expect(await inspected('life', '.State.Status')).toBe('paused');
    await docker('unpause', 'life');
    expect((await docker('top', 'life', '-o', 'pid,args')).stdout).toContain('sleep 1000');
    expect((await docker('stats', '--no-stream', '--format', '{{.PIDs}}', 'life')).stdout).toBe('1');
    const updated = await docker('update', '-m', '64m', '--memory-swap', '128m', 'life');
    expect(updated.exitCode, updated.all).toBe(0);
    const files = '/sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max';
    expect((await docker('exec', 'life', 'sh', '-c', `cat ${files} 2>/dev/null`)).stdout).toBe('67108864');
    await docker('restart', '-t', '0', 'life');
    await expect.poll(async () => (await docker('logs', 'life')).stdout).toBe('up\nup');
    await docker('stop', '-t', '0', 'life');
    expect(await inspected('life', '.State.Status')).toBe('exited');
    expect((await docker('rm', 'life')).exitCode).toBe(0);
  });

  test('gives names, sysctls, ulimits, scores, privileges and the host’s namespaces', async () => {
    const own = ['--hostname', 'there', '--sysctl', 'net.ipv4.ip_default_ttl=77', '--ulimit', 'nofile=100:200'];
    const set = await run(
      ...own,
      '--oom-score-adj',
      '500',
      'box',
      'sh',
      '-c',
      'hostname; cat /proc/sys/net/ipv4/ip_default_ttl /proc/self/oom_score_adj; ulimit -n',
    );
    expect(set.stdout.split('\n')).toEqual(['there', '77', '500', '100']);
    expect((await run('--privileged', 'box', 'grep', 'Seccomp:', '/proc/self/status')).stdout).toMatch(/0$/);
    const kinds = ['pid', 'ipc', 'uts'];
    const host = kinds.flatMap((kind) => [`--${kind}`, 'host']);
    const look = 'for kind in pid ipc uts; do readlink /proc/self/ns/$kind; done';
    const shared = await run(...host, 'box', 'sh', '-c', look);
    expect(shared.stdout.split('\n')).toEqual(kinds.map((kind) => readlinkSync(`/proc/self/ns/${kind}`)));
  });
});
