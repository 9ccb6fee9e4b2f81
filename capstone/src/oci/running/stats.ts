import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a container uses, as runc's `events --stats` has it: bytes, nanoseconds. */
export function statsOf(cgroups: readonly string[]) {
  const read = (...files: readonly string[]) => {
    const path = files.flatMap((file) => cgroups.map((cgroup) => join(cgroup, file))).find((one) => existsSync(one));
    return path === undefined ? '' : readFileSync(path, 'utf8').trim();
  };
  const number = (...files: readonly string[]) => {
    const text = read(...files);
    return text === '' || text === 'max' ? 0 : Number(text);
  };
  const table = (...files: readonly string[]) =>
    Object.fromEntries(
      read(...files)
        .split('\n')
        .filter(Boolean)
        .map((line) => [line.split(' ')[0] ?? '', Number(line.split(' ')[1])]),
    );
  const cpu = table('cpu.stat');
  const v1 = table('cpuacct.stat'); // in hundredths of a second
  const raw = table('memory.stat');
  return {
    cpu: {
      usage: {
        total: number('cpuacct.usage') || (cpu.usage_usec ?? 0) * 1000,
        kernel: (cpu.system_usec ?? 0) * 1000 || (v1.system ?? 0) * 1e7,
        user: (cpu.user_usec ?? 0) * 1000 || (v1.user ?? 0) * 1e7,
      },
      throttling: {
        periods: cpu.nr_periods ?? 0,
        throttledPeriods: cpu.nr_throttled ?? 0,
        throttledTime: cpu.throttled_time ?? (cpu.throttled_usec ?? 0) * 1000,
      },
    },
    memory: {
      cache: raw.cache ?? raw.file ?? 0,
      usage: {
        limit: number('memory.limit_in_bytes', 'memory.max'),
        usage: number('memory.usage_in_bytes', 'memory.current'),
        max: number('memory.max_usage_in_bytes', 'memory.peak'),
        failcnt: number('memory.failcnt'),
      },
      raw,
    },
    pids: { current: number('pids.current'), limit: number('pids.max') },
    blkio: {},
    hugetlb: {},
    intel_rdt: {},
  };
}
