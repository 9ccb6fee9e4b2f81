import { join } from 'node:path';
import { cgroupPath, defaultRootfs, defaultRootfsPath, findHierarchies } from 'step-02';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { bite } from '../../../test/bite.ts';
import { boxstep, leftovers, shell } from '../../../test/boxstep.ts';
import { diskUnder } from '../../../test/disk.ts';
import { lacks, needs } from '../../../test/needs.ts';
import { slowness } from '../../../test/slowness.ts';
import { thisMachine } from '../src/flags/machine.ts';
import { told } from '../src/running/running.ts';
import { usage } from '../src/running/usage.ts';

beforeEach(needs('root'));
afterAll(() => expect(leftovers('boxstep-bite')).toEqual([]));

const ROOTFS = process.geteuid?.() === 0 ? await defaultRootfs() : defaultRootfsPath();
const hierarchies = findHierarchies();
const has = (controller: string) => hierarchies.some(({ controllers }) => controllers.includes(controller));

/** Runs a script in a container with limits. */
const run = (flags: string, script: string) =>
  boxstep('3', 'run', '--stop-timeout', '0', ...flags.split(' '), ROOTFS, 'sh', '-c', script);

const cpuTime = (name: string) => usage(name, hierarchies, told).cpuTime ?? 0;

/** What the files of a running container's cgroups say of one period: it may be over before all have been read. */
function used(name: string): { time: number; periods: number; stopped: number } {
  const periods = cpuStat(name, 'nr_periods');
  const [time, stopped] = [cpuTime(name), cpuStat(name, 'nr_throttled')];
  return cpuStat(name, 'nr_periods') === periods
    ? { time, periods: Number(periods), stopped: Number(stopped) }
    : used(name);
}

function cpuStat(name: string, key: string): string | undefined {
  const cpu = hierarchies.find(({ controllers }) => controllers.includes('cpu'));
  const stat = cpu && told(join(cgroupPath(cpu, name), 'cpu.stat'));
  return new RegExp(`^${key} (\\d+)`, 'm').exec(stat ?? '')?.[1];
}

/**
 * How containers divide a second of CPU time, in microseconds, in how many periods, and in how many of them they were stopped.
 * On a busy machine that takes more than a second.
 */
async function cpuTimeOf(...names: string[]): Promise<ReturnType<typeof used>[]> {
  const all = () => names.map(cpuTime).reduce((sum, time) => sum + time);
  const since = (time: number) => expect.poll(() => all() - time, { timeout: 60_000 * slowness() });
  await Promise.all(names.map((name) => expect.poll(() => cpuTime(name)).toBeGreaterThan(100_000)));
  const before = names.map(used);
  await since(all()).toBeGreaterThan(1_000_000);
  return names.map(used).map(({ time, periods, stopped }, nth) => ({
    time: time - (before[nth]?.time ?? 0),
    periods: periods - (before[nth]?.periods ?? 0),
    stopped: stopped - (before[nth]?.stopped ?? 0),
  }));
}

const SPIN = 'while :; do :; done';

describe('--memory', () => {
  test('has what takes more killed, which is reported, with exit status 137', { tags: ['qemu'] }, async (context) => {
    const { exitCode, stderr } = await run('-m 64m', 'exec tail /dev/zero');
    expect(exitCode).toBe(137);
    bite(context, '-m 64m', `status ${exitCode}, ${/peak [^)]*/.exec(stderr)?.[0]}`);
    expect(stderr).toMatch(/^boxstep: killed: out of memory \(limit 64 MiB, peak 6[34](\.\d+)? MiB\)$/m);
  });

  test('has a child killed and lets the container go on', async () => {
    const { exitCode, stderr, stdout } = await run('-m 32m', 'tail /dev/zero; echo "tail: $?"');
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'tail: 137' });
    expect(stderr).toMatch(/^boxstep: a process was killed: out of memory \(limit 32 MiB, /m);
  });

  test('of 6m, the least that docker grants, is enough to start, and the runtime lives to tell of the kill', async () => {
    const { exitCode, stderr, stdout } = await run('-m 6m', 'echo started; exec tail /dev/zero');
    expect({ exitCode, stdout }).toEqual({ exitCode: 137, stdout: 'started' });
    expect(stderr).toMatch(/killed: out of memory \(limit 6 MiB, peak [56](\.\d+)? MiB\)/);
  });

  test('does not trouble what takes less', async () => {
    const { exitCode, stderr } = await run('-m 64m', 'head -c 20000000 /dev/zero | tail -c 20000000 | wc -c');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  });

  test('that kills is not what SIGKILL from elsewhere is', async () => {
    const { exitCode, stderr } = await run('-m 64m', 'sh -c "kill -9 \\$\\$"; exit $?');
    expect({ exitCode, stderr: stderr.replace(/^.*Killed$/m, '') }).toEqual({ exitCode: 137, stderr: '' });
  });
});

describe('--cpus', () => {
  test('0.5 is half a CPU, ±10 %, even to two processes that never rest', { tags: ['qemu'] }, async (context) => {
    const container = run('--name boxstep-bite-cpu --cpus 0.5', `${SPIN} & ${SPIN}`);
    // On a busy machine it doesn't get half a CPU in every period; but where it was stopped, it had had it. A period that
    // the machine itself slept through counts as one in which it was stopped, so the best of several looks is taken.
    let [{ time = 0, periods = 0, stopped = 0 } = {}] = await cpuTimeOf('boxstep-bite-cpu');
    for (let tries = 0; !(time / (stopped * 100_000) > 0.45 && stopped > 0) && tries < 10; tries++) {
      expect(time / (periods * 100_000)).toBeLessThan(0.55);
      [{ time = 0, periods = 0, stopped = 0 } = {}] = await cpuTimeOf('boxstep-bite-cpu');
    }
    container.kill('SIGTERM');
    await container;
    expect(time / (periods * 100_000)).toBeLessThan(0.55);
    if (stopped === 0) lacks('idle')(context);
    bite(context, '--cpus 0.5', `${(time / (periods * 100_000)).toFixed(3)} of a CPU`);
    expect(time / (stopped * 100_000)).toBeGreaterThan(0.45);
  });
});

test('--cpu-shares divide a busy CPU: 2048 to 256 get several times as much', async () => {
  const pin = has('cpuset') ? '--cpuset-cpus 0' : '';
  const names = ['boxstep-bite-much', 'boxstep-bite-less'];
  const spin = [...Array(has('cpuset') ? 1 : thisMachine(hierarchies).cpus)].map(() => SPIN).join(' & ');
  const containers = [2048, 256].map((shares, nth) => run(`--name ${names[nth]} -c ${shares} ${pin}`.trim(), spin));
  const [much, less] = await cpuTimeOf(...names);
  for (const container of containers) container.kill('SIGTERM');
  await Promise.all(containers);
  const ratio = (much?.time ?? 0) / (less?.time ?? 1);
  expect(ratio).toBeGreaterThan(2); // 8 in v1; 5 in v2, where 2048 are a weight of 174, and 256 one of 35
  expect(ratio).toBeLessThan(12);
});

test('--cpuset-cpus pins: no other processor is allowed, and nproc counts one', { tags: ['qemu'] }, async (context) => {
  needs('cpuset')(context);
  const last = String(thisMachine(hierarchies).cpus - 1);
  const { stdout, exitCode } = await run(`--cpuset-cpus ${last}`, 'grep Cpus_allowed_list /proc/self/status; nproc');
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: `Cpus_allowed_list:\t${last}\n1` });
});

describe('--pids-limit', () => {
  test('N lets N processes be, and fork N+1 fails with EAGAIN', { tags: ['qemu'] }, async (context) => {
    const { all, exitCode } = await run('--pids-limit 5', 'for i in 1 2 3 4 5 6; do sleep 99 & echo "child $i"; done');
    expect(all.match(/child \d/g)).toEqual(['child 1', 'child 2', 'child 3', 'child 4']); // and the shell makes five
    expect(all).toMatch(/[Cc]an(no|')t fork/);
    expect(exitCode).not.toBe(0);
    bite(context, '--pids-limit 5', `process ${1 + 4 + 1}: ${/can.?(no)?t fork.*/i.exec(all)?.[0]}`); // the shell, four, and one more
  });

  test('-1 lets more be than the 512 that fit otherwise', async () => {
    const script = 'i=0; while [ $i -lt 600 ]; do sleep 99 & i=$((i+1)); done; echo $i';
    expect((await run('--pids-limit -1', script)).stdout).toBe('600');
    expect((await run('--name boxstep-bite-512', script)).stdout).not.toBe('600');
  });
});

describe('what limits a disk', () => {
  const disk = diskUnder(ROOTFS);

  test.for([
    ['--device-write-bps', '1mb', 'dd if=/dev/zero of=/tmp/written bs=65536 count=32 oflag=direct'],
    ['--device-write-bps', '1mb', 'dd if=/dev/zero of=/tmp/written bs=65536 count=32 conv=fsync'], // v1 knows whose it is
    [
      '--device-read-bps',
      '1mb',
      'dd if=/dev/zero of=/tmp/read bs=65536 count=32 oflag=direct && dd if=/tmp/read of=/dev/null bs=65536 iflag=direct',
    ],
    ['--device-write-iops', '20', 'dd if=/dev/zero of=/tmp/written bs=4096 count=40 oflag=direct'],
    [
      '--device-read-iops',
      '20',
      'dd if=/dev/zero of=/tmp/read bs=4096 count=40 oflag=direct && dd if=/tmp/read of=/dev/null bs=4096 iflag=direct',
    ],
  ])('%s %s throttles %s: what comes to 2 seconds takes its time', async ([flag, rate, script], context) => {
    needs('io', 'disk')(context);
    const start = performance.now();
    const { exitCode, stderr } = await run(
      `${flag} ${disk}:${rate}`,
      `${script}; s=$?; rm -f /tmp/written /tmp/read; exit $s`,
    );
    expect(exitCode, stderr).toBe(0);
    expect(performance.now() - start).toBeGreaterThan(1500); // without the limit, some milliseconds
  });
});

describe('--ulimit', () => {
  test('nofile: no more files can be open at once', async () => {
    const files = Array.from({ length: 20 }, (_, nth) => `/tmp/u${nth}`).join(' ');
    const { all, exitCode } = await run(
      '--ulimit nofile=14',
      `echo x | tee ${files} >/dev/null; rm -f ${files}; ulimit -n`,
    );
    expect(exitCode).toBe(0);
    expect(all).toMatch(/(Too many open files|No file descriptors available)/);
    expect(all).toMatch(/^14$/m);
  });

  test('fsize: a file ends there, and its writer with SIGXFSZ', async () => {
    const { stdout } = await run(
      '--ulimit fsize=1000',
      'head -c 5000 /dev/zero >/tmp/f; echo $?; wc -c </tmp/f; rm /tmp/f',
    );
    expect(stdout).toBe('153\n1000'); // 128 + 25
  });

  test('nproc: a user who has as many processes forks no more; root is exempt', async () => {
    // All processes of a user count, on the whole machine: so one who has none. busybox has no --userspec, but `su`.
    const user = 100_000 + Math.floor(Math.random() * 1e9);
    const asUser =
      `if chroot --userspec=${user}:${user} / true 2>/dev/null; then chroot --userspec=${user}:${user} / sh -c "$forks"; else ` +
      `mount -t tmpfs etc /etc && echo box:x:${user}:${user}::/:/bin/sh >/etc/passwd && su box -c "$forks"; fi`;
    const forks = 'for i in 1 2 3 4 5; do sleep 99 & echo "child $i"; done';
    const { all } = await run('--ulimit nproc=3', `forks='${forks}'; ${asUser}`);
    expect(all.match(/child \d/g)).toEqual(['child 1', 'child 2']);
    expect((await run('--ulimit nproc=3', forks)).stdout).toContain('child 5');
  });

  test('has a soft limit, which counts, and a hard one, up to which the process may raise it', async () => {
    const script = 'ulimit -n; ulimit -S -n 30; ulimit -n; ulimit -H -n';
    expect((await run('--ulimit nofile=20:30 --ulimit core=0', script)).stdout).toBe('20\n30\n30');
  });
});

test('--oom-score-adj is the process’s own, and its children’s', async () => {
  const script = 'cat /proc/self/oom_score_adj /proc/1/oom_score_adj';
  expect((await run('--oom-score-adj 500', script)).stdout).toBe('500\n500');
  expect((await run('-m 64m', script)).stdout).toBe('0\n0');
});

test('what only divides what is scarce is written, too: reservation, shares and weight', {
  tags: ['qemu'],
}, async (context) => {
  needs('io weight')(context);
  const { exitCode, stderr } = await run('-m 64m --memory-reservation 32m -c 512 --blkio-weight 300', 'true');
  expect(exitCode).toBe(0);
  expect(stderr).toMatch(/^$|^boxstep: --blkio-weight has no effect for now: no disk/);
});

test('a limit on memory is one of whole pages', async () => {
  const { stdout } = await run('-m 6999999', 'cd /sys/fs/cgroup; cat memory.max || cat memory/memory.limit_in_bytes');
  expect(Number(stdout)).toBe(6_995_968);
});

test('--stats says at the end what was used', async () => {
  const { stderr } = await run('--stats -m 64m --cpus 0.5', 'head -c 9000000 /dev/zero | tail -c 9000000 | wc -c');
  expect(stderr).toMatch(/^boxstep: memory: (at most \S+ MiB of 64 MiB|not known on this kernel)$/m);
  expect(stderr).toMatch(/^boxstep: CPU time: \d+\.\d{3} s, throttled for \d+\.\d{3} s$/m);
  expect(stderr).toMatch(/^boxstep: processes: (at most \d+|not known on this kernel)$/m);
});

describe('what can’t be had is refused, and nothing has been done:', () => {
  test.each([
    ['-m 1', /^boxstep: Minimum memory limit allowed is 6MB, got 1 bytes$/],
    ['--pids-limit 4194305', /^boxstep: Expected --pids-limit to be at most 4194304, .*got 4194305$/],
    ['--cpus 1000', /^boxstep: range of CPUs is from 0.01 to \d+.00/],
    ['--cpuset-cpus 4000', /^boxstep: Requested CPUs are not available - requested 4000/],
    ['-m 64m --memory-swap 32m', /^boxstep: Minimum memoryswap limit should be larger than memory limit/],
    [
      '--device-read-bps /dev/nosuch:1mb',
      /^boxstep: stat \/dev\/nosuch: no such file or directory: --device-read-bps is for a disk/,
    ],
    ['--memory 64q', /^boxstep: Expected --memory to be a size such as 64m or 1.5g, got "64q"$/],
  ])('%s', { tags: ['once'] }, async (flags, message) => {
    const { exitCode, stderr, stdout } = await run(`--name boxstep-bite-no ${flags}`, 'echo ran');
    expect({ exitCode, stdout }).toEqual({ exitCode: 125, stdout: '' });
    expect(stderr).toMatch(message);
  });

  test('a limit whose controller is not there', async (context) => {
    needs('v1')(context); // in v2 one controller can't be taken away
    const memory = hierarchies.find(({ controllers }) => controllers.includes('memory'));
    const line = `unshare -m sh -c 'umount ${memory?.mountedAt ?? memory?.mount} && ./boxstep 3 run -m 64m ${ROOTFS} echo ran'`;
    const { exitCode, stderr, stdout } = await shell(line);
    expect({ exitCode, stdout }).toEqual({ exitCode: 125, stdout: '' });
    expect(stderr).toMatch(
      /^boxstep: --memory needs the "memory" controller: no cgroup hierarchy has the "memory" controller/,
    );
  });
});
