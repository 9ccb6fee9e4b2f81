import type { Limits } from '../limits.ts';
import { bytesSize } from '../sizes.ts';
import { parseCpuset } from './cpuset.ts';
import type { Machine } from './machine.ts';

/** The least memory that docker grants: with less, not even its runtime could start a container. */
export const LEAST_MEMORY = 6 * 1024 ** 2;

/** The most that the kernel takes for pids.max but for `max` (PID_MAX_LIMIT), and for a quota (max_bw_runtime_us). */
const MOST_PIDS = 2 ** 22;
const MOST_QUOTA = 2 ** 44 - 1;

// #region what docker's daemon checks
/**
 * Do the limits agree with each other, and with what the machine has? As docker's verifyPlatformContainerResources.
 *
 * @throws {Error} if not
 */
export function check(limits: Limits, machine: Machine): void {
  const { memory = 0, memorySwap = 0, memoryReservation = 0, nanoCpus = 0, cpuShares = 0 } = limits;
  const { cpuPeriod = 0, cpuQuota = 0, pids = 0, cpusetCpus = '', cpusetMems = '', blkioWeight = 0 } = limits;
  refuse(memory > 0 && memory < LEAST_MEMORY, `Minimum memory limit allowed is 6MB, got ${memory} bytes`);
  refuse(
    memorySwap > 0 && memorySwap < memory,
    `Minimum memoryswap limit should be larger than memory limit, see usage: --memory-swap is memory and swap together, and ${bytesSize(memorySwap)} is less than --memory ${bytesSize(memory)}`,
  );
  refuse(
    memory === 0 && memorySwap > 0,
    'You should always set the Memory limit when using Memoryswap limit, see usage: --memory-swap is memory and swap together',
  );
  refuse(
    memoryReservation > 0 && memoryReservation < LEAST_MEMORY,
    `Minimum memory reservation allowed is 6MB, got ${memoryReservation} bytes`,
  );
  refuse(
    memory > 0 && memoryReservation > memory,
    `Minimum memory limit can not be less than memory reservation limit, see usage: --memory is ${bytesSize(memory)}, --memory-reservation ${bytesSize(memoryReservation)}`,
  );
  const conflicts = (what: string) =>
    `Conflicting options: Nano CPUs and CPU ${what} cannot both be set: --cpus is a quota in a period of 100000`;
  refuse(nanoCpus > 0 && cpuPeriod > 0, conflicts('Period'));
  refuse(nanoCpus > 0 && cpuQuota > 0, conflicts('Quota'));
  refuse(
    nanoCpus < 0 || (nanoCpus > 0 && nanoCpus < 1e7) || nanoCpus > machine.cpus * 1e9,
    `range of CPUs is from 0.01 to ${machine.cpus}.00, as there are only ${machine.cpus} CPUs available, got ${nanoCpus / 1e9}`,
  );
  refuse(
    cpuPeriod !== 0 && (cpuPeriod < 1000 || cpuPeriod > 1_000_000),
    `CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000), got ${cpuPeriod}`,
  );
  refuse(cpuQuota > 0 && cpuQuota < 1000, `CPU cfs quota can not be less than 1ms (i.e. 1000), got ${cpuQuota}`);
  // docker takes these two as well, and the kernel answers EINVAL.
  refuse(cpuQuota > MOST_QUOTA, `Expected --cpu-quota to be at most ${MOST_QUOTA} microseconds, got ${cpuQuota}`);
  refuse(
    pids !== Infinity && pids > MOST_PIDS,
    `Expected --pids-limit to be at most ${MOST_PIDS}, as many processes as Linux can have, or -1 for any number, got ${pids}`,
  );
  // docker takes less and more, and runc finds what v1 made of it; v2's weight would be that of the nearest.
  refuse(
    cpuShares !== 0 && (cpuShares < 2 || cpuShares > 262_144),
    `Expected --cpu-shares to be from 2 to 262144, got ${cpuShares}`,
  );
  refuse(
    blkioWeight !== 0 && (blkioWeight < 10 || blkioWeight > 1000),
    `Range of blkio weight is from 10 to 1000, got ${blkioWeight}`,
  );
  const there = parseCpuset(machine.cpuset);
  const nodes = parseCpuset(machine.mems);
  refuse(
    !parseCpuset(cpusetCpus).every((cpu) => there.includes(cpu)),
    `Requested CPUs are not available - requested ${cpusetCpus}, available: ${machine.cpuset}`,
  );
  refuse(
    !parseCpuset(cpusetMems).every((node) => nodes.includes(node)),
    `Requested memory nodes are not available - requested ${cpusetMems}, available: ${machine.mems}`,
  );
  refuse(
    memorySwap !== 0 && !machine.swap,
    '--memory-swap needs the "memory" controller to count swap, and this kernel does not: start it with swapaccount=1',
  );
  refuse(
    blkioWeight !== 0 && machine.weights === undefined,
    '--blkio-weight needs the "io" or "blkio" controller to divide disk time by weight, and this kernel has neither BFQ (modprobe bfq) nor io.cost',
  );
}
// #endregion

function refuse(wrong: boolean, message: string): void {
  if (wrong) throw new Error(message);
}
