import { PERIOD, quota } from './cpus.ts';
import type { DiskRate } from './flags/device-rate.ts';
import type { Setting, Translation } from './limits.ts';

// #region limits in v1
/** Each limit in cgroup v1: bytes and microseconds, and -1 (for pids, max) for no limit. */
export const V1: Translation = {
  memory: (bytes) => ({ controller: 'memory', files: [['memory.limit_in_bytes', bytes]] }),
  memorySwap: (total) => ({ controller: 'memory', files: [['memory.memsw.limit_in_bytes', total]] }),
  memoryReservation: (bytes) => ({ controller: 'memory', files: [['memory.soft_limit_in_bytes', bytes]] }),
  nanoCpus: (nano) => ({
    controller: 'cpu',
    files: [
      ['cpu.cfs_period_us', PERIOD],
      ['cpu.cfs_quota_us', quota(nano)],
    ],
  }),
  cpuPeriod: (period) => ({ controller: 'cpu', files: [['cpu.cfs_period_us', period]] }),
  cpuQuota: (quota) => ({ controller: 'cpu', files: [['cpu.cfs_quota_us', quota]] }),
  cpuShares: (shares) => ({ controller: 'cpu', files: [['cpu.shares', shares]] }),
  // A new cpuset has neither processors nor memory, and until it has both, no process can be put into it.
  cpusetCpus: (list, _, { cpuset, mems }) => ({
    controller: 'cpuset',
    files: [
      ['../cpuset.mems', mems],
      ['../cpuset.cpus', cpuset],
      ['cpuset.mems', mems],
      ['cpuset.cpus', list],
    ],
  }),
  cpusetMems: (list, { cpusetCpus }, { cpuset, mems }) => ({
    controller: 'cpuset',
    files: [
      ['../cpuset.mems', mems],
      ['../cpuset.cpus', cpuset],
      ['cpuset.mems', list],
      ...(cpusetCpus === undefined ? ([['cpuset.cpus', cpuset]] as const) : []),
    ],
  }),
  pids: (most) => ({ controller: 'pids', files: [['pids.max', most === Infinity ? 'max' : most]] }),
  blkioWeight: (weight, _, { weights }) => ({
    controller: 'blkio',
    files: [[weights === 'bfq' ? 'blkio.bfq.weight' : 'blkio.weight', weight]],
  }),
  deviceReadBps: (rates) => throttle('read_bps', rates),
  deviceWriteBps: (rates) => throttle('write_bps', rates),
  deviceReadIops: (rates) => throttle('read_iops', rates),
  deviceWriteIops: (rates) => throttle('write_iops', rates),
};
// #endregion

function throttle(what: string, rates: readonly DiskRate[]): Setting {
  return {
    controller: 'blkio',
    files: rates.map(({ disk, rate }) => [`blkio.throttle.${what}_device`, `${disk} ${rate}`]),
  };
}
