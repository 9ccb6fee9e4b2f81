import { mkdirSync, rmSync } from 'node:fs';
import { containerPath, defaultRootfsPath } from 'step-10';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { boxstep, leftovers } from '../../test/boxstep.ts';
import { needs } from '../../test/needs.ts';

// What was found by typing the same lines to docker 28.5.2.

beforeEach(needs('root', 'overlay'));
afterAll(async () => {
  await boxstep('rm', '-f', '-v', 'store', 'first', 'unsaid', 'still', 'again');
});

const rootfs = defaultRootfsPath();
const apart = ['--network', 'none'];
const shown = async (name: string, what: string) => (await boxstep('inspect', '-f', what, name)).stdout;

describe('as with docker', { tags: ['once'] }, () => {
  test('a container that can’t be started is there all the same: run -d prints its id, and inspect the status', async () => {
    const missing = await boxstep('run', '-d', ...apart, rootfs, 'nothing-like-this');
    expect(missing).toMatchObject({ exitCode: 127, stdout: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(await shown(missing.stdout, '{{.State.Status}} {{.State.ExitCode}}')).toBe('created 127');
    expect((await boxstep('start', '-a', missing.stdout)).exitCode).toBe(1);
    await boxstep('rm', missing.stdout);
    const fails = async (...flags: string[]) => (await boxstep('run', ...apart, ...flags, rootfs, 'true')).exitCode;
    expect(await fails('--cidfile', '/no/such/place')).toBe(127);
    expect(await fails('--security-opt', 'seccomp=/no/such')).toBe(125);
    expect(await fails('--log-opt', 'mode=nosuch')).toBe(125);
  });

  test('the volumes of a container that doesn’t run are mounted in another, and are its own still', async () => {
    await boxstep('create', '--name', 'store', ...apart, '-v', '/data', rootfs, 'true');
    const from = (mode: string, line: string) =>
      boxstep('run', '--rm', ...apart, '--volumes-from', `store${mode}`, rootfs, 'sh', '-c', line);
    expect((await from('', 'echo kept > /data/file')).exitCode).toBe(0);
    expect((await from(':ro', 'cat /data/file; touch /data/file')).all).toMatch(/^kept\n.*Read-only file system$/);
    await boxstep('rm', '-v', 'store');
    expect((await boxstep('volume', 'ls', '-q')).stdout).toBe('');
  });

  test('volumes are there, and in use, as soon as a container is made, and a name that is taken makes none', async () => {
    const create = (...more: string[]) => boxstep('create', '--name', 'first', ...apart, ...more, rootfs, 'true');
    const { stdout: id } = await create('-v', 'data:/data', '-v', '/own', '--mount', 'type=volume,src=more,dst=/more');
    const names = async () =>
      (await boxstep('volume', 'ls', '-q')).stdout.split('\n').filter((name) => name.length < 64);
    expect(await names()).toEqual(['data', 'more']);
    expect((await boxstep('volume', 'rm', 'data')).stderr).toContain(`remove data: volume is in use - [${id}]`);
    expect((await create('-v', 'other:/data')).stderr).toContain('is already in use by container');
    expect(await names()).toEqual(['data', 'more']);
    await boxstep('rm', '-v', 'first');
    expect((await boxstep('volume', 'ls', '-q')).stdout).toBe('data\nmore');
    expect((await boxstep('volume', 'rm', 'data', 'more')).exitCode).toBe(0);
  });

  test('one of which can’t be written down that it runs is ended, and counts as one that couldn’t be started', async () => {
    const line = ['--name', 'unsaid', '--health-cmd', 'true', '-v', 'unsaid:/data', ...apart, rootfs, 'sleep', '1000'];
    const { stdout: id } = await boxstep('create', ...line);
    mkdirSync(`${containerPath(id)}/health.json.new`);
    const started = await boxstep('start', 'unsaid');
    expect(started).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('EISDIR') });
    expect(await shown('unsaid', '{{.State.Status}} {{.State.Pid}} {{.State.ExitCode}}')).toBe('created 0 128');
    expect(leftovers('boxstep-shim').filter((one) => !one.startsWith('.'))).toEqual([]);
    rmSync(`${containerPath(id)}/health.json.new`, { recursive: true });
    expect((await boxstep('start', 'unsaid')).exitCode).toBe(0);
    await boxstep('rm', '-f', 'unsaid');
    expect((await boxstep('volume', 'rm', 'unsaid')).exitCode).toBe(0);
  });

  test('one that stands still can’t be started, and a signal makes it go on', async () => {
    await boxstep('run', '-d', '--name', 'still', ...apart, rootfs, 'sleep', '1000');
    await boxstep('pause', 'still');
    const refused = await boxstep('start', 'still');
    expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('cannot start a paused container') });
    await boxstep('kill', '-s', 'HUP', 'still'); // to which PID 1 is deaf
    expect(await shown('still', '{{.State.Status}}')).toBe('running');
    const again = await boxstep('unpause', 'still');
    expect(again).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/Container \w{64} is not paused$/) });
    await boxstep('rm', '-f', 'still');
  });

  test('one that waits for its restart is removed by force alone', async () => {
    await boxstep('run', '-d', '--name', 'again', '--restart', 'always', ...apart, rootfs, 'false');
    await expect
      .poll(() => boxstep('rm', 'again'))
      .toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining('container is restarting: stop the container before removing or force remove'),
      });
    expect((await boxstep('rm', '-f', 'again')).exitCode).toBe(0);
  });

  test('labels are those of its image and its own, and variables its own first', async () => {
    await boxstep('create', '--name', 'store', ...apart, '-e', 'B=2', '-l', 'own=1', rootfs, 'true');
    const change = ['-c', 'LABEL who=image', '-c', 'ENV A=1'];
    const { stdout: id, stderr } = await boxstep('commit', ...change, 'store');
    expect(stderr).toBe('');
    await boxstep('rm', 'store');
    await boxstep('create', '--name', 'store', ...apart, '-e', 'C=3', '-l', 'own=2', id, 'true');
    expect(JSON.parse(await shown('store', '{{json .Config}}'))).toMatchObject({
      Labels: { own: '2', who: 'image' },
      Env: ['C=3', 'B=2', 'A=1'],
      AttachStdin: false,
    });
    expect(await shown('store', '[{{.HostConfig.UsernsMode}}{{.ResolvConfPath}}]')).toBe('[]');
    await boxstep('rm', 'store');
    await boxstep('rmi', id);
  });

  test('stop sends the signal that the image says', async () => {
    await boxstep('create', '--name', 'store', ...apart, rootfs, 'true');
    const { stdout: id } = await boxstep('commit', '-c', 'STOPSIGNAL SIGUSR1', 'store');
    await boxstep('rm', 'store');
    const waits = 'trap "exit 5" USR1; trap "exit 6" TERM; touch /ready; while :; do sleep 0.1; done';
    await boxstep('run', '-d', '--name', 'store', ...apart, id, 'sh', '-c', waits);
    await boxstep('exec', 'store', 'sh', '-c', 'until [ -e /ready ]; do sleep 0.1; done');
    await boxstep('stop', 'store');
    expect(await shown('store', '{{.Config.StopSignal}} {{.State.ExitCode}}')).toBe('SIGUSR1 5');
    await boxstep('rm', 'store');
    await boxstep('rmi', id);
  });

  test('inspect shows flags as they were typed, and events "none" as a network', async () => {
    const begun = Date.now();
    const asked = ['--stop-signal', 'usr2', '-p', '80', '--mount', 'type=bind,src=/usr,dst=/u,readonly'];
    await boxstep('create', '--name', 'store', ...apart, ...asked, rootfs, 'true');
    expect(await shown('store', '{{.Config.StopSignal}} {{.HostConfig.PortBindings}} {{.State.Health}}')).toBe(
      'usr2 map[80/tcp:[{ }]] <nil>',
    );
    expect(JSON.parse(await shown('store', '{{json .HostConfig.Mounts}}'))).toEqual([
      { Type: 'bind', Source: '/usr', Target: '/u', ReadOnly: true },
    ]);
    expect((await boxstep('export', '-o', '/nosuch/x', 'store')).stderr).toContain(
      'failed to export container: invalid output path: stat /nosuch',
    );
    await boxstep('start', '-a', 'store');
    await boxstep('rm', 'store');
    const heard = ['events', '--since', `${begun / 1000}`, '--until', '0s', '--format', '{{.Action}}'];
    expect((await boxstep(...heard)).stdout.split('\n')).toEqual([
      'create',
      'attach',
      'connect',
      'start',
      'disconnect',
      'die',
      'destroy',
    ]);
    const late = await boxstep('run', '--rm', '--network', 'nosuch', rootfs, 'true');
    expect(late.stderr).toContain('failed to set up container networking: network nosuch not found');
  });
});
