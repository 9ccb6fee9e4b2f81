import { PERIOD, quota } from './cpus.ts';
import type { Translation } from './limits.ts';

// #region limits in v1
/** What each limit is in cgroup v1: bytes and microseconds, and -1 for as much as there is. */
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
  cpuShares: (shares) => ({ controller: 'cpu', files: [['cpu.shares', shares]] }),
  // A new cpuset has no processor and no memory at all, and until it has, no process can go into it.
  cpusetCpus: (list, _, { cpuset, mems }) => ({
    controller: 'cpuset',
    files: [
      ['../cpuset.mems', mems],
      ['../cpuset.cpus', cpuset],
      ['cpuset.mems', mems],
      ['cpuset.cpus', list],
    ],
  }),
  pids: (most) => ({ controller: 'pids', files: [['pids.max', most === Infinity ? 'max' : most]] }),
  blkioWeight: (weight, _, { weights }) => ({
    controller: 'blkio',
    files: [[weights === 'bfq' ? 'blkio.bfq.weight' : 'blkio.weight', weight]],
  }),
  deviceReadBps: (rates) => ({
    controller: 'blkio',
    files: rates.map(({ disk, rate }) => ['blkio.throttle.read_bps_device', `${disk} ${rate}`]),
  }),
  deviceWriteBps: (rates) => ({
    controller: 'blkio',
    files: rates.map(({ disk, rate }) => ['blkio.throttle.write_bps_device', `${disk} ${rate}`]),
  }),
};
// #endregion
