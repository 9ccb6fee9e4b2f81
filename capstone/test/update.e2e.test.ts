import { defaultRootfsPath } from 'step-10';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { boxstep } from '../../test/boxstep.ts';
import { needs } from '../../test/needs.ts';
import { idsOfContainers } from '../src/containers/find.ts';
import { running, shellIn } from './typed.ts';

beforeEach(needs('root', 'overlay'));

afterAll(async () => {
  for (const id of idsOfContainers()) await boxstep('rm', '-f', '-v', id);
});

/** The limits that `inspect` shows, and those that the kernel has. */
async function limitsOf(name: string) {
  const shown = await boxstep('inspect', '-f', '{{.HostConfig.Memory}} {{.HostConfig.PidsLimit}}', name);
  return shown.stdout.split(' ').map(Number);
}

const MEMORY = 'cat /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null || cat /sys/fs/cgroup/memory.max';
const MEGA = 1024 * 1024;

describe('update', () => {
  test('changes the limits of a container that runs, and at its next start it has them still', async () => {
    await running('shrunk', '-m', '64m', '--memory-swap', '128m');
    expect(await boxstep('update', '-m', '32m', '--pids-limit', '50', 'shrunk')).toMatchObject({
      stdout: 'shrunk',
      exitCode: 0,
    });
    expect(await limitsOf('shrunk')).toEqual([32 * MEGA, 50]);
    const memory = async () => Number((await boxstep('exec', 'shrunk', 'sh', '-c', MEMORY)).stdout);
    expect(await memory()).toBe(32 * MEGA);
    await boxstep('restart', '-t', '0', 'shrunk');
    expect(await memory()).toBe(32 * MEGA);
  });

  test('of one that doesn’t run is for its next start', async () => {
    await shellIn('create', ['--name', 'later', '-m', '64m'], MEMORY);
    await boxstep('update', '-m', '32m', 'later');
    expect((await boxstep('start', '-a', 'later')).stdout).toBe(String(32 * MEGA));
  });

  test('changes all of it or nothing, and goes on with the others after one that fails', async () => {
    await shellIn('create', ['--name', 'one', '--cpus', '0.5'], 'true');
    await shellIn('create', ['--name', 'two'], 'true');
    const both = await boxstep('update', '--cpu-quota', '50000', '--restart', 'always', 'one', 'nosuch', 'two');
    expect([both.stdout, both.exitCode]).toEqual(['two', 1]);
    expect(both.stderr).toMatch(
      /CPU Quota cannot be updated as NanoCPUs has already been set\n.*No such container: nosuch$/,
    );
    const policies = await boxstep('inspect', '-f', '{{.HostConfig.RestartPolicy.Name}}', 'one', 'two');
    expect(policies.stdout).toBe('no\nalways');
  });

  test('gives no restart policy to a container that is removed at its end', async () => {
    await running('passing', '--rm');
    const { stderr, exitCode } = await boxstep('update', '--restart', 'always', 'passing');
    expect([stderr, exitCode]).toEqual([expect.stringContaining('because AutoRemove is enabled'), 1]);
  });

  test('wants a flag', async () => {
    const { stderr, exitCode } = await boxstep('update', 'two');
    expect([stderr, exitCode]).toEqual([expect.stringContaining('you must provide one or more flags'), 1]);
  });
});

describe('run', () => {
  const attached = (...flags: string[]) => shellIn('run', ['--rm', ...flags], 'echo out; echo err >&2');

  test('-a connects the streams that it names, and no others', async () => {
    expect(await attached('-a', 'stdout')).toMatchObject({ stdout: 'out', stderr: '' });
    expect(await attached('-a', 'STDERR')).toMatchObject({ stdout: '', stderr: 'err' });
    expect((await attached('-d', '-a', 'stdout')).exitCode).toBe(1);
  });

  test('makes no container whose terminal would have nothing to be connected with', async () => {
    const before = idsOfContainers();
    const { exitCode, stderr } = await boxstep('run', '-it', '--network', 'none', defaultRootfsPath(), 'true');
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('the input device is not a TTY')]);
    expect(idsOfContainers()).toEqual(before);
  });

  test.each([[[]], [['--init']], [['--userns', 'auto']]])(
    'with %j obeys the limits that this kernel has of cgroup v1, and warns of the others',
    async (flags) => {
      const file = '/sys/fs/cgroup/memory/memory.swappiness';
      const { stdout, stderr } = await shellIn(
        'run',
        ['--rm', ...flags, '--memory-swappiness', '50'],
        `cat ${file} || echo none`,
      );
      if (stdout === 'none') expect(stderr).toContain('Memory swappiness discarded');
      else expect(stdout).toBe('50');
    },
  );
});
