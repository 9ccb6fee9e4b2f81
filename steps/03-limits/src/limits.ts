import type { ControllerFile } from 'step-02';
import type { DiskRate } from './flags/device-rate.ts';
import type { Machine } from './flags/machine.ts';

/** What a container may use. A limit that isn't there is none. */
export interface Limits {
  /** Bytes. */
  readonly memory?: number;
  /** Bytes of memory and swap together; -1 is as much swap as there is. */
  readonly memorySwap?: number;
  /** Bytes that it keeps while others can give some back. */
  readonly memoryReservation?: number;
  /** Billionths of a CPU. */
  readonly nanoCpus?: number;
  /** Microseconds of a period, in each of which it may use its quota. */
  readonly cpuPeriod?: number;
  /** Microseconds of CPU time in each period; negative is any number. */
  readonly cpuQuota?: number;
  /** Its part of a busy CPU, in proportion to the shares of others; 1024 is the usual. */
  readonly cpuShares?: number;
  /** The processors that it may run on, such as `0-2,5`. */
  readonly cpusetCpus?: string;
  /** The memory nodes that it may use, such as `0`. */
  readonly cpusetMems?: string;
  /** Processes at once; Infinity is no limit. */
  readonly pids?: number;
  /** Its part of a busy disk, 10 to 1000; 500 is the usual. */
  readonly blkioWeight?: number;
  readonly deviceReadBps?: readonly DiskRate[];
  readonly deviceWriteBps?: readonly DiskRate[];
  readonly deviceReadIops?: readonly DiskRate[];
  readonly deviceWriteIops?: readonly DiskRate[];
}

/** The flag of each limit, in the order in which they are written. */
export const FLAGS: Readonly<Record<keyof Limits, string>> = {
  memory: '--memory',
  memorySwap: '--memory-swap',
  memoryReservation: '--memory-reservation',
  nanoCpus: '--cpus',
  cpuPeriod: '--cpu-period',
  cpuQuota: '--cpu-quota',
  cpuShares: '--cpu-shares',
  cpusetCpus: '--cpuset-cpus',
  cpusetMems: '--cpuset-mems',
  pids: '--pids-limit',
  blkioWeight: '--blkio-weight',
  deviceReadBps: '--device-read-bps',
  deviceWriteBps: '--device-write-bps',
  deviceReadIops: '--device-read-iops',
  deviceWriteIops: '--device-write-iops',
};

/** What a limit is to the kernel: a controller, and what is written to which of its files. */
export interface Setting {
  readonly controller: string;
  readonly files: readonly ControllerFile[];
}

/** What each limit is in one version of cgroups. */
export type Translation = {
  readonly [L in keyof Limits]-?: (value: NonNullable<Limits[L]>, limits: Limits, machine: Machine) => Setting;
};
