import { describe, expect, test } from 'vitest';
import { check } from '../src/flags/check.ts';
import { limitsOf } from '../src/flags/limit-flags.ts';
import { withSwap } from '../src/options.ts';
import cases from './cases/rules.json' with { type: 'json' };
import { flagsOf, MACHINE } from './machines.ts';

/** What of each of docker's rules a command line shows: flags that it refuses, with our words for it. */
const REFUSED: Record<string, [flags: string, message: RegExp][]> = {
  '0 < Memory < 6291456': [
    ['-m 1', /^Minimum memory limit allowed is 6MB, got 1 bytes$/],
    ['--memory 6291455', /^Minimum memory limit allowed is 6MB, got 6291455 bytes$/],
  ],
  'Memory > 0 and MemorySwap > 0 and MemorySwap < Memory': [
    [
      '-m 64m --memory-swap 32m',
      /^Minimum memoryswap limit should be larger than memory limit, see usage: .*32MiB is less than --memory 64MiB$/,
    ],
  ],
  'Memory == 0 and MemorySwap > 0': [
    ['--memory-swap 64m', /^You should always set the Memory limit when using Memoryswap limit, see usage: /],
  ],
  '0 < MemoryReservation < 6291456': [
    ['--memory-reservation 1m', /^Minimum memory reservation allowed is 6MB, got 1048576 bytes$/],
  ],
  'Memory > 0 and Memory < MemoryReservation': [
    [
      '-m 64m --memory-reservation 65m',
      /^Minimum memory limit can not be less than memory reservation limit, see usage: --memory is 64MiB, --memory-reservation 65MiB$/,
    ],
  ],
  'NanoCPUs < 0 or > number of CPUs * 1e9': [
    ['--cpus -1', /^range of CPUs is from 0.01 to 4.00, as there are only 4 CPUs available, got -1$/],
    ['--cpus 4.01', /^range of CPUs is from 0.01 to 4.00, as there are only 4 CPUs available, got 4.01$/],
    ['--cpus 0.005', /^range of CPUs is from 0.01/],
  ],
  'CpusetCpus not a subset of the available CPUs': [
    ['--cpuset-cpus 0,4', /^Requested CPUs are not available - requested 0,4, available: 0-3$/],
  ],
  'NanoCPUs > 0 with CPUPeriod > 0 or CPUQuota > 0': [
    ['--cpus 1 --cpu-period 50000', /^Conflicting options: Nano CPUs and CPU Period cannot both be set: /],
    ['--cpus 1 --cpu-quota 50000', /^Conflicting options: Nano CPUs and CPU Quota cannot both be set: /],
  ],
  'CPUPeriod != 0 and not in 1000..1000000': [
    [
      '--cpu-period 999',
      /^CPU cfs period can not be less than 1ms \(i.e. 1000\) or larger than 1s \(i.e. 1000000\), got 999$/,
    ],
    ['--cpu-period 1000001', /got 1000001$/],
    ['--cpu-period -1', /got -1$/],
  ],
  '0 < CPUQuota < 1000': [['--cpu-quota 999', /^CPU cfs quota can not be less than 1ms \(i.e. 1000\), got 999$/]],
  'BlkioWeight not 0 and not in 10..1000': [
    ['--blkio-weight 9', /^Range of blkio weight is from 10 to 1000, got 9$/],
    ['--blkio-weight 1001', /got 1001$/],
  ],
};

test.each([
  ['--pids-limit 4194305', /^Expected --pids-limit to be at most 4194304, .*got 4194305$/],
  ['--pids-limit 9223372036854775807', /^Expected --pids-limit to be at most/],
  ['--cpu-quota 17592186044416', /^Expected --cpu-quota to be at most 17592186044415 microseconds/],
])('%s was answered by the kernel’s EINVAL, which told of other things', async (line, message) => {
  const given = await limits(line);
  expect(() => check(given, MACHINE)).toThrow(message);
});

test('the most processes that there can be is a limit, too', async () => {
  for (const line of ['--pids-limit 4194304', '--pids-limit -1']) {
    const given = await limits(line);
    expect(() => check(given, MACHINE), line).not.toThrow();
  }
});

const limits = async (line: string) => limitsOf(await flagsOf(...line.split(' ').filter(Boolean)));

describe('docker’s rule', () => {
  const errors = cases.rules.filter(([, result]) => result?.startsWith('error'));

  test.each(errors)('%s → %s', async (rule) => {
    expect(REFUSED[rule as string]).toBeDefined();
    for (const [line, message] of REFUSED[rule as string] ?? []) {
      const given = await limits(line);
      expect(() => check(given, MACHINE), line).toThrow(message);
    }
  });

  test('Memory > 0 and MemorySwap == 0 → MemorySwap = 2 * Memory', async () => {
    expect(withSwap(await limits('-m 64m'), MACHINE).memorySwap).toBe(128 * 1024 ** 2);
    expect(withSwap(await limits('-m 64m --memory-swap -1'), MACHINE).memorySwap).toBe(-1);
    expect(withSwap(await limits('-m 64m --memory-swap 0'), MACHINE).memorySwap).toBe(128 * 1024 ** 2);
    expect(withSwap(await limits('-m 64m'), { ...MACHINE, swap: false }).memorySwap).toBeUndefined();
    expect(withSwap({}, MACHINE)).toEqual({});
  });

  test.each(['0', '-1', '-5'])('PidsLimit %s → no limit', async (most) => {
    expect((await limits(`--pids-limit ${most}`)).pids).toBe(Infinity);
  });
});

test.each([
  '',
  '-m 6m',
  '-m 64m --memory-swap 64m --memory-reservation 64m',
  '--memory-swap -1',
  '--cpus 0.01',
  '--cpus 4',
  '--cpuset-cpus 0-3',
  '--blkio-weight 10',
  '--blkio-weight 1000',
  '-c 2 --pids-limit 1',
  '-m 10_000_000 --cpus 0.2_5',
  '--cpu-period 50000 --cpu-quota 25_000',
  '--cpu-quota -1 --cpuset-mems 0',
  '-m 0 --cpus 0 -c 0 --blkio-weight 0 --memory-swap 0 --memory-reservation 0',
])('"%s" is fine', async (line) => {
  const given = await limits(line);
  expect(() => check(given, MACHINE)).not.toThrow();
});

test('a flag of 0 is no limit', async () => {
  expect(await limits('-m 0 --cpus 0 -c 0 --blkio-weight 0 --memory-swap 0 --memory-reservation 0')).toEqual({});
});

test('the short flags are the long ones, and the last of two counts', async () => {
  expect(await flagsOf('-m', '64m', '-c', '512', '-m128m')).toEqual({ memory: 128 * 1024 ** 2, cpuShares: 512 });
});

test.each([
  ['--memory 64q', 'Expected --memory to be a size such as 64m or 1.5g, got "64q"'],
  ['-m -1', 'Expected --memory to be a size such as 64m or 1.5g, got "-1"'],
  ['--memory-swap -2', 'Expected --memory-swap to be a size such as 64m or 1.5g, got "-2"'],
  ['--memory-reservation x', 'Expected --memory-reservation to be a size'],
  ['--cpus x', 'Expected --cpus to be a number such as 0.5, got "x"'],
  ['--cpu-shares 1.5', 'Expected --cpu-shares to be a number from 2 to 262144, got "1.5"'],
  ['--cpuset-cpus 0:1', 'Expected --cpuset-cpus to be a list such as 0-2,5, got "0:1"'],
  ['--pids-limit many', 'Expected --pids-limit to be a number of processes, or -1 for any, got "many"'],
  ['--blkio-weight +500', 'Expected --blkio-weight to be a number from 10 to 1000, without a sign, got "+500"'],
  ['--blkio-weight -1', 'Expected --blkio-weight to be a number from 10 to 1000, got "-1"'],
  ['--device-read-bps sda:1mb', 'Expected --device-read-bps to be a device and bytes a second such as /dev/sda:1mb'],
  ['--device-write-bps /dev/sda', 'Expected --device-write-bps to be a device and bytes a second'],
  ['--ulimit nofile', 'Expected --ulimit to be like nofile=512:1024, got "nofile"'],
  ['--oom-score-adj 1001', 'Expected --oom-score-adj to be a number from -1000 to 1000, got "1001"'],
  ['--oom-score-adj -1001', 'got "-1001"'],
])('%s is refused: %s', async (line, message) => {
  await expect(flagsOf(...line.split(' '))).rejects.toThrow(message);
});

test('--cpuset-mems has to be within the memory nodes that there are', async () => {
  const given = await limits('--cpuset-mems 0-1');
  expect(() => check(given, MACHINE)).toThrow('Requested memory nodes are not available - requested 0-1, available: 0');
});

test.each([1, 262_145])('--cpu-shares %i is refused, which the kernel would change silently', async (shares) => {
  const given = await limits(`--cpu-shares ${shares}`);
  expect(() => check(given, MACHINE)).toThrow(`Expected --cpu-shares to be from 2 to 262144, got ${shares}`);
});

test.each(['/dev/sda:0x10', '/dev/sda:-1', '/dev/sda:1k', '/dev/sda:', 'sda:5', '/dev/sda:4294967296'])(
  '--device-read-iops %s is refused',
  async (rate) => {
    await expect(flagsOf('--device-read-iops', rate)).rejects.toThrow('Expected --device-read-iops to be');
  },
);

test('a disk that is not there is an error, not a limit that does nothing', async () => {
  await expect(limits('--device-read-bps /dev/nosuch:1mb')).rejects.toThrow(
    'stat /dev/nosuch: no such file or directory',
  );
});

describe('on a kernel that lacks it', () => {
  test('--memory-swap is an error that names the controller', () => {
    const machine = { ...MACHINE, swap: false };
    expect(() => check({ memory: 1e8, memorySwap: 2e8 }, machine)).toThrow(
      '--memory-swap needs the "memory" controller',
    );
    expect(() => check({ memory: 1e8 }, machine)).not.toThrow();
  });

  test('--blkio-weight is an error that names the controller', () => {
    expect(() => check({ blkioWeight: 500 }, { ...MACHINE, weights: undefined })).toThrow(
      '--blkio-weight needs the "io" or "blkio" controller',
    );
  });
});
