import { PERIOD, quota } from './cpus.ts';
import type { DiskRate } from './flags/device-rate.ts';
import type { Setting, Translation } from './limits.ts';
import { cpuWeight, ioWeight } from './weights.ts';

// #region limits in v2
/** Each limit in cgroup v2: one file for each thing, and `max` for no limit. */
export const V2: Translation = {
  memory: (bytes) => ({ controller: 'memory', files: [['memory.max', bytes]] }),
  memorySwap: (total, { memory = 0 }) => ({
    controller: 'memory',
    files: [['memory.swap.max', swapAlone(total, memory)]],
  }),
  memoryReservation: (bytes) => ({ controller: 'memory', files: [['memory.low', bytes]] }),
  nanoCpus: (nano) => ({ controller: 'cpu', files: [['cpu.max', `${quota(nano)} ${PERIOD}`]] }),
  cpuPeriod: (period, { cpuQuota = -1 }) => cpuMax(cpuQuota, period),
  cpuQuota: (quota, { cpuPeriod = PERIOD }) => cpuMax(quota, cpuPeriod),
  cpuShares: (shares) => ({ controller: 'cpu', files: [['cpu.weight', cpuWeight(shares)]] }),
  cpusetCpus: (list) => ({ controller: 'cpuset', files: [['cpuset.cpus', list]] }),
  cpusetMems: (list) => ({ controller: 'cpuset', files: [['cpuset.mems', list]] }),
  pids: (most) => ({ controller: 'pids', files: [['pids.max', most === Infinity ? 'max' : most]] }),
  blkioWeight: (weight, _, { weights }) => ({
    controller: 'io',
    files: [weights === 'bfq' ? ['io.bfq.weight', weight] : ['io.weight', ioWeight(weight)]],
  }),
  deviceReadBps: (rates) => ioMax('rbps', rates),
  deviceWriteBps: (rates) => ioMax('wbps', rates),
  deviceReadIops: (rates) => ioMax('riops', rates),
  deviceWriteIops: (rates) => ioMax('wiops', rates),
};
// #endregion

// #region swap alone
/** The part of a limit on memory and swap together that is left for swap, in bytes; -1 means no limit. */
export function swapAlone(total: number, memory: number): number | 'max' {
  // #region task 3: swap without memory
  return total === -1 ? 'max' : total - memory;
  // #endregion
}
// #endregion

function cpuMax(quota: number, period: number): Setting {
  return { controller: 'cpu', files: [['cpu.max', `${quota > 0 ? quota : 'max'} ${period}`]] };
}

/** Lines of io.max: `8:0 wbps=1048576`. */
function ioMax(key: 'rbps' | 'wbps' | 'riops' | 'wiops', rates: readonly DiskRate[]): Setting {
  const lines = rates.map(({ disk, rate }) => `${disk} ${key}=${rate === 0 ? 'max' : rate}`);
  return { controller: 'io', files: lines.map((line) => ['io.max', line]) };
}
