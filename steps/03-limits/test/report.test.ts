import { group, seeded, task } from 'grader';
import { describe, expect, test } from 'vitest';
import type { Limits } from '../src/limits.ts';
import { places } from '../src/places.ts';
import { outOfMemory, summary } from '../src/report.ts';
import { table } from '../src/running/stats.ts';
import { inSafeOrder, refuseAboveSwap } from '../src/running/update.ts';
import { readings, usage } from '../src/running/usage.ts';
import { MACHINE, V1_ONLY, V2_ONLY } from './machines.ts';

const M = 1024 ** 2;

task(
  5,
  {
    points: 15,
    hints: [
      'oomKills is how many processes of the cgroup the kernel killed for want of memory. If it is 0 or not known, nothing is to be said.',
      '"itself" tells whether the first process was killed. If not, the line begins with "a process was " or "3 processes were ".',
      'bytesSize(bytes, " ") writes 64 MiB. What is undefined is left out: the peak with its comma; of the limit say "no limit of its own".',
    ],
  },
  () => {
    group('who was killed', 8, () => {
      test('a kill for want of memory is told with limit and peak', () => {
        const why = 'a limit and a peak, as bytesSize writes them';
        expect(outOfMemory({ oomKills: 1, memoryLimit: 64 * M, memoryPeak: 64 * M }, true), why).toEqual([
          'killed: out of memory (limit 64 MiB, peak 64 MiB)',
        ]);
      });

      test('that it was not the container’s first process is told, too', () => {
        const used = { memoryLimit: 6 * M, memoryPeak: 6 * M };
        const why = '"itself" is false: the container goes on without the process that was killed';
        expect(outOfMemory({ ...used, oomKills: 1 }, false), why).toEqual([
          'a process was killed: out of memory (limit 6 MiB, peak 6 MiB)',
        ]);
        expect(outOfMemory({ ...used, oomKills: 3 }, false), 'more than one').toEqual([
          '3 processes were killed: out of memory (limit 6 MiB, peak 6 MiB)',
        ]);
      });

      test('with any limit, any peak, any number of processes', () => {
        const any = seeded('task 5');
        const [limit, peak, kills] = [any.integer(6, 900), any.integer(1, 5), any.integer(2, 90)];
        const used = { memoryLimit: limit * M, memoryPeak: peak * M, oomKills: kills };
        const story = `killed: out of memory (limit ${limit} MiB, peak ${peak} MiB)`;
        expect(outOfMemory(used, true), 'the first process itself was one of them').toEqual([story]);
        expect(outOfMemory(used, false)).toEqual([`${kills} processes were ${story}`]);
      });
    });

    group('what is not known', 7, () => {
      test('any other SIGKILL is none for want of memory', () => {
        const why = 'exit status 137 is any SIGKILL, and a full page cache is no want: only oomKills tells';
        expect(outOfMemory({ oomKills: 0, memoryLimit: 64 * M, memoryPeak: 64 * M }, true), why).toEqual([]);
        expect(outOfMemory({}, true), 'a kernel that keeps no count says nothing').toEqual([]);
      });

      test('a kernel that keeps no peak says nothing of it', () => {
        const why = 'what is undefined is not known, which is not 0';
        expect(outOfMemory({ oomKills: 1, memoryLimit: 64 * M }, true), why).toEqual([
          'killed: out of memory (limit 64 MiB)',
        ]);
      });

      test('a container that has no limit was killed for want of memory all the same', () => {
        const why = 'a cgroup above it may have a limit, or the machine has no memory left';
        expect(outOfMemory({ oomKills: 1, memoryPeak: 64 * M }, true), why).toEqual([
          'killed: out of memory (no limit of its own, peak 64 MiB)',
        ]);
      });
    });
  },
);

test('a kernel that keeps no count says so', () => {
  expect(summary({ cpuTime: 1_500_000 })).toEqual([
    'memory: not known on this kernel',
    'CPU time: 1.500 s, throttled for 0 s',
    'processes: not known on this kernel',
  ]);
});

test('what a container used is read from the files of v2', () => {
  const files: Record<string, string> = {
    '/sys/fs/cgroup/boxstep/web/memory.events': 'low 0\nhigh 0\nmax 12\noom 1\noom_kill 1\noom_group_kill 0\n',
    '/sys/fs/cgroup/boxstep/web/memory.max': '67108864\n',
    '/sys/fs/cgroup/boxstep/web/memory.peak': '67100000\n',
    '/sys/fs/cgroup/boxstep/web/cpu.stat':
      'usage_usec 1500\nuser_usec 1000\nsystem_usec 500\nnr_throttled 3\nthrottled_usec 200\n',
  };
  expect(usage('web', V2_ONLY, (path) => files[path])).toEqual({
    memoryPeak: 67_100_000,
    memoryLimit: 67_108_864,
    oomKills: 1,
    cpuTime: 1500,
    throttled: 200,
  });
});

test('what a container used is read from the files of v1', () => {
  const files: Record<string, string> = {
    '/sys/fs/cgroup/memory/boxstep/web/memory.oom_control': 'oom_kill_disable 0\nunder_oom 0\noom_kill 2\n',
    '/sys/fs/cgroup/memory/boxstep/web/memory.limit_in_bytes': '9223372036854771712\n',
    '/sys/fs/cgroup/memory/boxstep/web/memory.max_usage_in_bytes': '1000\n',
    '/sys/fs/cgroup/cpuacct/boxstep/web/cpuacct.usage': '1500000\n',
    '/sys/fs/cgroup/cpu/boxstep/web/cpu.stat': 'nr_periods 4\nnr_throttled 3\nthrottled_time 200000\n',
  };
  expect(usage('web', V1_ONLY, (path) => files[path])).toEqual({
    memoryPeak: 1000,
    oomKills: 2,
    cpuTime: 1500,
    throttled: 200,
  });
});

test('each file is read once', () => {
  const paths = readings('web', V2_ONLY);
  expect(paths).toContain('/sys/fs/cgroup/boxstep/web/memory.events');
  expect(new Set(paths).size).toBe(paths.length);
});

test('the table of running containers is docker’s, less what it does not count', () => {
  expect(
    table([
      { name: 'web', cpu: 0.2513, memory: 484 * 1024, most: 100 * M, pids: 1 },
      { name: 'a-long-name', cpu: undefined, most: 24 * 1024 * M },
    ]),
  ).toBe(
    [
      'NAME          CPU %    MEM USAGE / LIMIT   MEM %   PIDS',
      'web           25.13%   484KiB / 100MiB     0.47%   1',
      'a-long-name   --       -- / 24GiB          --      --',
      '',
    ].join('\n'),
  );
});

test('v1 wants the limit on memory and swap raised first, and lowered last', () => {
  const order = (memory: number, memorySwap: number, before: number) => {
    const limits = { memory: memory * M, memorySwap: memorySwap * M };
    const safe = inSafeOrder(places(limits, V1_ONLY, MACHINE), limits, { memory: M, memorySwap: before * M });
    return safe.map(({ limit }) => limit);
  };
  expect(order(300, 500, 200)).toEqual(['memorySwap', 'memory']);
  expect(order(100, 150, 200)).toEqual(['memory', 'memorySwap']);
});

describe('an update of memory without swap', () => {
  const update = (limits: Limits, before: Limits, machine = MACHINE) => refuseAboveSwap('web', limits, before, machine);
  const refused = 'Cannot update container web: Memory limit should be smaller than already set memoryswap limit';

  test('is refused above what memory and swap may be, and where nothing is set', () => {
    expect(() => update({ memory: 129 * M }, { memory: 64 * M, memorySwap: 128 * M })).toThrow(`${refused}`);
    expect(() => update({ memory: 129 * M }, { memory: 64 * M, memorySwap: 128 * M })).toThrow('It is 128MiB');
    expect(() => update({ memory: 64 * M }, {})).toThrow(refused);
  });

  test('is fine below it, with a limit of both, where both are without limit, or where swap is not counted', () => {
    update({ memory: 128 * M }, { memory: 64 * M, memorySwap: 128 * M });
    update({ memory: 129 * M, memorySwap: 129 * M }, { memory: 64 * M, memorySwap: 128 * M });
    update({ memory: 129 * M }, { memory: 64 * M, memorySwap: -1 });
    update({ memory: 129 * M }, {}, { ...MACHINE, swap: false });
    update({ nanoCpus: 1e9 }, {});
  });
});
