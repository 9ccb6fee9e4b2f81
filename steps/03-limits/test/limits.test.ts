import { group, seeded, task } from 'grader';
import { describe, expect, test } from 'vitest';
import type { Limits } from '../src/limits.ts';
import { places } from '../src/places.ts';
import { swapAlone } from '../src/v2.ts';
import { cpuWeight, ioWeight } from '../src/weights.ts';
import { MACHINE, V1_ONLY, V2_ONLY } from './machines.ts';

const M = 1024 ** 2;
const written = (limits: Limits, hierarchies = V2_ONLY, machine = MACHINE) =>
  places(limits, hierarchies, machine).flatMap(({ files }) => files.map(([file, value]) => `${file} ${value}`));

describe.each([
  ['memory', { memory: 64 * M }, ['memory.max 67108864'], ['memory.limit_in_bytes 67108864']],
  [
    'memory and swap, which v1 counts together and v2 apart',
    { memory: 64 * M, memorySwap: 100 * M },
    ['memory.max 67108864', 'memory.swap.max 37748736'],
    ['memory.limit_in_bytes 67108864', 'memory.memsw.limit_in_bytes 104857600'],
  ],
  [
    'memory without swap',
    { memory: 64 * M, memorySwap: 64 * M },
    ['memory.max 67108864', 'memory.swap.max 0'],
    ['memory.limit_in_bytes 67108864', 'memory.memsw.limit_in_bytes 67108864'],
  ],
  ['all the swap', { memorySwap: -1 }, ['memory.swap.max max'], ['memory.memsw.limit_in_bytes -1']],
  ['kept memory', { memoryReservation: 32 * M }, ['memory.low 33554432'], ['memory.soft_limit_in_bytes 33554432']],
  ['half a CPU', { nanoCpus: 5e8 }, ['cpu.max 50000 100000'], ['cpu.cfs_period_us 100000', 'cpu.cfs_quota_us 50000']],
  [
    'a quota in a period of its own length',
    { cpuPeriod: 50_000, cpuQuota: 20_000 },
    ['cpu.max 20000 50000', 'cpu.max 20000 50000'],
    ['cpu.cfs_period_us 50000', 'cpu.cfs_quota_us 20000'],
  ],
  ['a quota alone', { cpuQuota: 20_000 }, ['cpu.max 20000 100000'], ['cpu.cfs_quota_us 20000']],
  ['any amount in a period', { cpuPeriod: 50_000 }, ['cpu.max max 50000'], ['cpu.cfs_period_us 50000']],
  ['shares', { cpuShares: 1024 }, ['cpu.weight 100'], ['cpu.shares 1024']],
  [
    'processors',
    { cpusetCpus: '1,3' },
    ['cpuset.cpus 1,3'],
    ['../cpuset.mems 0', '../cpuset.cpus 0-3', 'cpuset.mems 0', 'cpuset.cpus 1,3'],
  ],
  [
    'memory nodes',
    { cpusetMems: '0' },
    ['cpuset.mems 0'],
    ['../cpuset.mems 0', '../cpuset.cpus 0-3', 'cpuset.mems 0', 'cpuset.cpus 0-3'],
  ],
  ['processes', { pids: 20 }, ['pids.max 20'], ['pids.max 20']],
  ['any number of processes', { pids: Infinity }, ['pids.max max'], ['pids.max max']],
  ['a share of the disk', { blkioWeight: 500 }, ['io.bfq.weight 500'], ['blkio.bfq.weight 500']],
  [
    'a rate of reading and one of writing',
    { deviceReadBps: [{ disk: '8:0', rate: M }], deviceWriteBps: [{ disk: '8:0', rate: 0 }] },
    ['io.max 8:0 rbps=1048576', 'io.max 8:0 wbps=max'],
    ['blkio.throttle.read_bps_device 8:0 1048576', 'blkio.throttle.write_bps_device 8:0 0'],
  ],
  [
    'a number of reads and of writes',
    { deviceReadIops: [{ disk: '8:0', rate: 100 }], deviceWriteIops: [{ disk: '8:0', rate: 0 }] },
    ['io.max 8:0 riops=100', 'io.max 8:0 wiops=max'],
    ['blkio.throttle.read_iops_device 8:0 100', 'blkio.throttle.write_iops_device 8:0 0'],
  ],
] as [string, Limits, string[], string[]][])('%s', (_, limits, v2, v1) => {
  test(`in v2 is ${v2.join(', ')}`, () => {
    expect(written(limits)).toEqual(v2);
  });

  test(`in v1 is ${v1.join(', ')}`, () => {
    expect(written(limits, V1_ONLY)).toEqual(v1);
  });
});

describe('a weight of disk time', () => {
  test('is io.weight where the cost model divides it, by the line from 10…1000 to 1…10000', () => {
    expect(written({ blkioWeight: 500 }, V2_ONLY, { ...MACHINE, weights: 'cost' })).toEqual(['io.weight 4950']);
    expect([10, 500, 1000].map(ioWeight)).toEqual([1, 4950, 10_000]);
  });

  test('is blkio.weight in a v1 without BFQ', () => {
    expect(written({ blkioWeight: 500 }, V1_ONLY, { ...MACHINE, weights: 'cost' })).toEqual(['blkio.weight 500']);
  });
});

task(
  3,
  {
    points: 10,
    hints: [
      'v1 counts memory and swap together, and so does the flag. v2 counts swap alone: what is left when memory is taken away.',
      'docker writes -1 for as much swap as there is. v2 has a word for that, which all its files know.',
    ],
  },
  () => {
    group('what is left for swap', 6, () => {
      test.each([
        [100 * M, 64 * M, 36 * M],
        [128 * M, 64 * M, 64 * M],
        [64 * M, 64 * M, 0],
      ])('of %i bytes of memory and swap, %i of them memory, swap has %i', (total, memory, swap) => {
        expect(swapAlone(total, memory), 'v2 counts swap alone, the flag counts both: 0 is a limit, too').toBe(swap);
      });

      test('the limit is written to memory.swap.max', () => {
        expect(written({ memory: 64 * M, memorySwap: 100 * M })).toContain('memory.swap.max 37748736');
      });

      test('whatever the two are', () => {
        const any = seeded('task 3');
        const [memory, swap] = [any.integer(6 * M, 1000 * M), any.integer(0, 1000 * M)];
        expect(swapAlone(memory + swap, memory)).toBe(swap);
      });
    });

    group('as much as there is', 4, () => {
      test('as much as there is, -1, is "max", however much the memory', () => {
        const both = [0, 64 * M].map((memory) => swapAlone(-1, memory));
        expect(both, '-1 is docker’s word, and the kernel’s is max').toEqual(['max', 'max']);
      });
    });
  },
);

task(
  4,
  {
    points: 15,
    hints: [
      'Both ends first: 2 shares or fewer are a weight of 1, 262144 or more are 10000. In between a curve goes through 1024 → 100.',
      'With x = log2(shares), the curve is 10 to the power of (x² + 125x) / 612 - 7/34. Math.log2 gives x.',
      'Weights are whole numbers from 1: round up, or 3 shares would be no more than 2.',
    ],
  },
  () => {
    // Of those here, all but three are from https://github.com/opencontainers/cgroups/blob/v0.0.5/utils_test.go (Apache-2.0).
    group('the ends', 6, () => {
      test.each([
        [1, 1],
        [2, 1],
        [262_144, 10_000],
        [262_145, 10_000],
        [2 ** 40, 10_000],
      ])('%i shares are a weight of %i', (shares, weight) => {
        expect(cpuWeight(shares), 'v1 has 2 to 262144 shares, and v2 weights from 1 to 10000').toBe(weight);
      });
    });

    group('the curve between them', 9, () => {
      test.each([
        [1024, 100],
        [3, 2],
        [262_143, 10_000],
        [512, 59],
        [2048, 174],
      ])('%i shares are a weight of %i', (shares, weight) => {
        const why =
          'a curve from 2 shares, which are 1, through 1024, which are 100, to 262144, which are 10000; rounded up';
        expect(cpuWeight(shares), why).toBe(weight);
      });

      test('any number of shares, and more of them are never a smaller weight', () => {
        const any = seeded('task 4');
        for (let nth = 0; nth < 20; nth++) {
          const shares = any.integer(3, 262_143);
          const weight = cpuWeight(shares);
          const on = 10 ** ((Math.log2(shares) ** 2 + 125 * Math.log2(shares)) / 612 - 7 / 34);
          expect(Number.isInteger(weight), 'weights are whole numbers').toBe(true);
          expect(weight - on, `${shares} shares lie at ${on} on the curve: that is rounded up`).toBeGreaterThan(-1e-9);
          expect(weight - on).toBeLessThan(1);
          expect(cpuWeight(shares + any.integer(1, 5000))).toBeGreaterThanOrEqual(weight);
        }
      });
    });
  },
);

describe('a controller', () => {
  const without = (controller: string) =>
    V2_ONLY.map((hierarchy) => ({
      ...hierarchy,
      controllers: hierarchy.controllers.filter((one) => one !== controller),
    }));

  test.each([
    [{ memory: 64 * M }, 'memory', '--memory needs the "memory" controller'],
    [{ nanoCpus: 5e8 }, 'cpu', '--cpus needs the "cpu" controller'],
    [{ cpuShares: 2 }, 'cpu', '--cpu-shares needs the "cpu" controller'],
    [{ cpusetCpus: '0' }, 'cpuset', '--cpuset-cpus needs the "cpuset" controller'],
    [{ deviceReadBps: [] }, 'io', '--device-read-bps needs the "io" or "blkio" controller'],
  ] as [Limits, string, string][])(
    'of %j that is missing is an error that names flag and controller',
    (limits, controller, message) => {
      expect(() => places(limits, without(controller), MACHINE)).toThrow(message);
      expect(() => places(limits, [], MACHINE)).toThrow(message);
    },
  );

  test('is looked up for each limit: on a machine with both versions, each goes where its controller is', () => {
    const both = [...without('memory'), ...V1_ONLY.filter(({ mount }) => mount.endsWith('/memory'))];
    expect(written({ memory: 64 * M, nanoCpus: 5e8 }, both)).toEqual([
      'memory.limit_in_bytes 67108864',
      'cpu.max 50000 100000',
    ]);
  });
});
