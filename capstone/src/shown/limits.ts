import { type Limits, Struct } from 'step-10';

/** The limits of a container, by docker's names. What isn't limited is 0. */
export function limitsShown(limits: Limits, cgroupParent = ''): Record<string, unknown> {
  return {
    CpuShares: limits.cpuShares ?? 0,
    Memory: limits.memory ?? 0,
    NanoCpus: limits.nanoCpus ?? 0,
    CgroupParent: cgroupParent,
    BlkioWeight: limits.blkioWeight ?? 0,
    BlkioWeightDevice: [],
    BlkioDeviceReadBps: rates(limits.deviceReadBps),
    BlkioDeviceWriteBps: rates(limits.deviceWriteBps),
    BlkioDeviceReadIOps: rates(limits.deviceReadIops),
    BlkioDeviceWriteIOps: rates(limits.deviceWriteIops),
    CpuPeriod: limits.cpuPeriod ?? 0,
    CpuQuota: limits.cpuQuota ?? 0,
  };
}

/** A disk is known by its numbers here: 8:0. */
function rates(all: Limits['deviceReadBps']): readonly Struct[] {
  return all?.map(({ disk, rate }) => new Struct('blkiodev.ThrottleDevice', { Path: disk, Rate: rate })) ?? [];
}
