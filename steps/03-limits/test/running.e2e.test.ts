import { join } from 'node:path';
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { cgroupPath, defaultRootfsPath, findHierarchies } from 'step-02';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { boxstep, leftovers, says } from '../../../test/boxstep.ts';
import { needs } from '../../../test/needs.ts';
import { alive } from '../../../test/processes.ts';
import { thisMachine } from '../src/flags/machine.ts';
import { told } from '../src/running/running.ts';
import { usage } from '../src/running/usage.ts';

beforeEach(needs('root'));
afterAll(() => expect(leftovers('boxstep-running')).toEqual([]));

const NAME = 'boxstep-running';
const hierarchies = findHierarchies();
const { swap } = thisMachine(hierarchies);
const used = () => usage(NAME, hierarchies, told);
let container: ReturnType<typeof boxstep> | undefined;

/** A container that runs a script, and another one at SIGUSR1; it is there when its first line is. */
async function running(script: string, atSignal = ':', ...flags: string[]) {
  const whole = `trap '${atSignal}' USR1; echo up; ${script}`;
  const ended = boxstep(
    '3',
    'run',
    '--stop-timeout',
    '0',
    '--name',
    NAME,
    ...flags,
    defaultRootfsPath(),
    'sh',
    '-c',
    whole,
  );
  container = ended;
  await says(ended);
  return { ended }; // a promise, which must not be waited for here
}

afterEach(async () => {
  container?.kill('SIGTERM');
  await container;
  container = undefined;
});

describe('update', () => {
  test('limits the memory of a container that had no limit, and it bites', async () => {
    const { ended } = await running('while :; do sleep 0.1; done', 'exec tail /dev/zero');
    const { exitCode, stdout } = await boxstep(
      '3',
      'update',
      '-m',
      '32m',
      ...(swap ? ['--memory-swap', '32m'] : []),
      NAME,
    );
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: NAME });
    expect(used().memoryLimit).toBe(32 * 1024 ** 2);
    ended?.kill('SIGUSR1');
    const result = await ended;
    expect(result?.exitCode).toBe(137);
    expect(result?.stderr).toMatch(/killed: out of memory \(limit 32 MiB/);
  });

  test('throttles a container that had all the CPU it wanted', async () => {
    await running('while :; do :; done');
    expect((await boxstep('3', 'update', '--cpus', '0.2', NAME)).exitCode).toBe(0);
    const { stdout } = await boxstep('3', 'stats', '--no-stream', NAME);
    const [, percent] = /^boxstep-running +([\d.]+)%/m.exec(stdout) ?? [];
    expect(Number(percent)).toBeGreaterThan(0);
    expect(Number(percent)).toBeLessThan(30);
  });

  test('pins it to one processor', async (context) => {
    needs('cpuset')(context);
    await running('while :; do sleep 0.1; grep Cpus_allowed_list /proc/self/status; done');
    let written = '';
    container?.stdout?.on('data', (data) => {
      written += data;
    });
    await boxstep('3', 'update', '--cpuset-cpus', '0', NAME);
    await expect.poll(() => written).toMatch(/Cpus_allowed_list:\t0\n$/);
  });

  test('raises and lowers memory in the order that v1 wants', async () => {
    await running('sleep 100', ':', '-m', '64m');
    for (const [memory, swap] of [
      ['300m', '400m'],
      ['20m', '30m'],
      ['500m', '-1'],
      ['64m', '64m'],
    ] as const) {
      const { exitCode, stderr } = await boxstep('3', 'update', '-m', memory, '--memory-swap', swap, NAME);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      expect(used().memoryLimit).toBe(Number.parseInt(memory, 10) * 1024 ** 2);
    }
    const { exitCode, stderr } = await boxstep('3', 'update', '-m', '100m', NAME);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/Memory limit should be smaller than already set memoryswap limit.* It is 64MiB/);
    expect(used().memoryLimit).toBe(64 * 1024 ** 2);
  });

  test('of memory alone is refused where there is no limit yet, in docker’s words, and nothing is changed', async (context) => {
    needs('swap')(context);
    await running('sleep 100');
    const before = used().memoryLimit;
    const { exitCode, stderr } = await boxstep('3', 'update', '-m', '100m', NAME);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /^boxstep: Cannot update container boxstep-running: Memory limit should be smaller than already set memoryswap limit, update the memoryswap at the same time\. It is not set: add --memory-swap 200MiB/,
    );
    expect(used().memoryLimit).toBe(before);
  });

  test('changes how many processes fit', async () => {
    const { ended } = await running('while :; do sleep 0.1; done', 'sleep 9 & sleep 9 & exit');
    await boxstep('3', 'update', '--pids-limit', '2', NAME);
    ended?.kill('SIGUSR1');
    expect((await ended)?.stderr).toMatch(/[Cc]an(no|')t fork/);
  });

  test.each([
    [['--cpus', '0.5', 'boxstep-running-none'], 1, 'boxstep: No such container: boxstep-running-none'],
    [['boxstep-running-none'], 125, /you must provide one or more flags/],
    [['-m', '1', 'boxstep-running-none'], 1, 'No such container'],
    [['--cpus', 'x', 'boxstep-running-none'], 125, /Expected --cpus to be a number/],
  ])('of %j ends with %i', { tags: ['once'] }, async (args, status, message) => {
    const { exitCode, stderr } = await boxstep('3', 'update', ...args);
    expect(exitCode).toBe(status);
    expect(stderr).toMatch(message);
  });
});

/** Freezes a process in a cgroup that the container makes below its own, in v1's freezer. */
const FREEZE_INSIDE =
  'mount -t cgroup -o freezer x /mnt; inner=/mnt$(grep freezer /proc/self/cgroup | cut -d: -f3)/inner; mkdir -p $inner/deep; ' +
  'sleep 100 & echo $! > $inner/deep/cgroup.procs; echo FROZEN > $inner/freezer.state';
const v1Freezer = hierarchies.find(({ version, controllers }) => version === 1 && controllers.includes('freezer'));

describe('a frozen container', () => {
  test('is killed by the second SIGTERM, or when its time is up', async () => {
    const { ended } = await running('sleep 100');
    await boxstep('3', 'pause', NAME);
    ended.kill('SIGTERM'); // running() gives it no time at all
    expect((await ended).exitCode).toBe(137);
    expect(leftovers(NAME)).toEqual([]);
  });

  test.runIf(v1Freezer)('in part, by itself, ends when its first process does', async () => {
    const { ended } = await running(
      `${FREEZE_INSIDE}; until grep FROZEN $inner/deep/freezer.state; do :; done; exit 4`,
    );
    const { exitCode, stdout } = await ended;
    expect({ exitCode, stdout }).toEqual({ exitCode: 4, stdout: 'up\nFROZEN' });
  });

  test.runIf(v1Freezer)('as a whole, by itself, is killed as any other', async () => {
    const { ended } = await running(`${FREEZE_INSIDE}; echo 1 > $inner/cgroup.procs; sleep 100`);
    const state = () => v1Freezer && told(join(cgroupPath(v1Freezer, NAME), 'inner/freezer.state'));
    await expect.poll(state).toBe('FROZEN'); // which it can't say any more
    ended.kill('SIGTERM');
    expect((await ended).exitCode).toBe(137);
  });
});

describe('pause', () => {
  test('stops all progress, and unpause lets it go on', async () => {
    await running('while :; do echo tick; sleep 0.02; done');
    let ticks = 0;
    container?.stdout?.on('data', (data) => {
      ticks += String(data).split('tick').length - 1;
    });
    expect((await boxstep('3', 'pause', NAME)).stdout).toBe(NAME);
    await turn(); // what it wrote before is read
    const before = { ticks, cpuTime: used().cpuTime };
    await sleep(500);
    expect({ ticks, cpuTime: used().cpuTime }).toEqual(before);
    expect((await boxstep('3', 'unpause', NAME)).stdout).toBe(NAME);
    await expect.poll(() => ticks).toBeGreaterThan(before.ticks);
  });

  test('of what is paused, and unpause of what is not, is an error', async () => {
    await running('sleep 100');
    expect(await boxstep('3', 'unpause', NAME)).toMatchObject({
      exitCode: 1,
      stderr: `boxstep: Container ${NAME} is not paused`,
    });
    await boxstep('3', 'pause', NAME);
    expect(await boxstep('3', 'pause', NAME)).toMatchObject({
      exitCode: 1,
      stderr: `boxstep: Container ${NAME} is already paused`,
    });
    await boxstep('3', 'unpause', NAME);
  });

  test('does not keep a container whose runtime is killed: the next run clears it away', async () => {
    await running('sleep 100');
    await boxstep('3', 'pause', NAME);
    container?.kill('SIGKILL');
    // Its end, not that of its streams, which the frozen process keeps open.
    await expect.poll(() => alive(container?.pid ?? 0)).toBe(false);
    expect((await boxstep('3', 'prune')).stdout).toContain(NAME);
    expect((await container)?.signal).toBe('SIGKILL');
  });

  test.each(['pause', 'unpause', 'stats'])(
    '%s of a container that is not there: docker’s words',
    { tags: ['once'] },
    async (command) => {
      const { exitCode, stderr } = await boxstep('3', command, 'boxstep-running-none');
      expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: 'boxstep: No such container: boxstep-running-none' });
    },
  );
});

describe('inside', () => {
  const read = (script: string, ...flags: string[]) =>
    boxstep('3', 'run', ...flags, defaultRootfsPath(), 'sh', '-c', `cd /sys/fs/cgroup; ${script}`);
  const both = (v2: string, v1: string) => `cat ${v2} 2>/dev/null || cat ${v1}`;

  test('a program sees its limits where it looks for them, and its own cgroup as the root', async () => {
    const limits = `${both('memory.max', 'memory/memory.limit_in_bytes')}; ${both('pids.max', 'pids/pids.max')}`;
    const { stdout } = await read(
      `${limits}; cut -d: -f3 /proc/self/cgroup | sort -u`,
      '-m',
      '64m',
      '--pids-limit',
      '20',
    );
    expect(stdout).toBe('67108864\n20\n/');
  });

  test('it can’t change them, nor see those of others', async () => {
    const { stdout, stderr } = await read('[ -d pids ] && cd pids; echo max > pids.max; ls -d */ | grep box');
    expect(stdout).toBe('');
    expect(stderr).toContain('Read-only file system');
  });

  test('root finds no cgroup above its own to leave to, where it mounts them anew, as it did in step 2', async () => {
    const mountIt = '{ mount -t cgroup -o pids x /mnt || mount -t cgroup2 x /mnt; } 2>/dev/null; ls -d /mnt/boxstep*';
    const above = async (step: string) =>
      (await boxstep(step, 'run', '--name', NAME, defaultRootfsPath(), 'sh', '-c', mountIt)).stdout;
    expect(await above('2')).toMatch(/^\/mnt\/boxstep/);
    expect(await above('3')).toBe('');
  });

  test('with --cgroupns=host it sees all of the host’s, and where it is among them', async () => {
    const { stdout } = await read('cat /proc/self/cgroup', '--cgroupns=host', '--name', NAME);
    expect(stdout).toMatch(new RegExp(`/${NAME}$`, 'm'));
    expect((await read('true', '--cgroupns', 'other')).stderr).toContain('--cgroupns: invalid CGROUP mode');
  });
});

describe('stats', () => {
  test('shows all that run, with their limits', async () => {
    await running('while :; do :; done', ':', '-m', '64m');
    const { stdout } = await boxstep('3', 'stats', '--no-stream');
    expect(stdout).toMatch(/^NAME +CPU % +MEM USAGE \/ LIMIT +MEM % +PIDS$/m);
    expect(stdout).toMatch(/^boxstep-running +\d+\.\d\d% +\S+iB \/ 64MiB +\d+\.\d\d% +1$/m);
  });
});
