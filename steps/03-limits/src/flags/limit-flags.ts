import type { Command } from 'commander';
import { integer, natural } from 'step-02';
import { parseCpus } from '../cpus.ts';
import type { Limits } from '../limits.ts';
import { ramInBytes } from '../sizes.ts';
import { parseCpuset } from './cpuset.ts';
import { type DeviceRate, diskOf, parseDeviceOperations, parseDeviceRate } from './device-rate.ts';

/** The flags that limit, as commander gives them. 0 is no limit. */
export interface LimitFlags {
  memory?: number;
  memorySwap?: number;
  memoryReservation?: number;
  cpus?: number;
  cpuShares?: number;
  cpuPeriod?: number;
  cpuQuota?: number;
  cpusetCpus?: string;
  cpusetMems?: string;
  pidsLimit?: number;
  blkioWeight?: number;
  deviceReadBps?: DeviceRate[];
  deviceWriteBps?: DeviceRate[];
  deviceReadIops?: DeviceRate[];
  deviceWriteIops?: DeviceRate[];
}

/** Adds the flags that limit what a container uses, which `run` and `update` have. */
export function limitOptions(command: Command): Command {
  const size = (flag: string) => (text: string) => ramInBytes(text, flag);
  return command
    .option('-m, --memory <bytes>', 'memory, such as 64m or 1.5g, in whole pages; at least 6m', size('--memory'))
    .option('--memory-swap <bytes>', 'memory and swap together; -1 is all the swap (default: twice the memory)', swap)
    .option('--memory-reservation <bytes>', 'memory it keeps when others run short', size('--memory-reservation'))
    .option('--cpus <number>', 'how many CPUs it may use, such as 0.5', parseCpus)
    .option('--cpu-period <microseconds>', 'how long a period is, for --cpu-quota (default: 100000)', period)
    .option('--cpu-quota <microseconds>', 'CPU time that it gets in each period; negative is no limit', cpuQuota)
    .option('-c, --cpu-shares <number>', 'its share of a busy CPU, compared with the usual 1024', shares)
    .option('--cpuset-cpus <list>', 'the processors that it runs on, such as 0-2,5', list('--cpuset-cpus'))
    .option('--cpuset-mems <list>', 'the memory nodes that it uses, such as 0,1', list('--cpuset-mems'))
    .option('--pids-limit <number>', 'the most processes it may have (default: 512; -1 is no limit)', pids)
    .option('--blkio-weight <number>', 'its share of a busy disk, 10 to 1000', weight);
}

/** Adds the flags that limit how fast disks are read and written. docker's `update` has none of them. */
export function deviceOptions(command: Command): Command {
  const each =
    (parse: typeof parseDeviceRate) =>
    (flag: string) =>
    (text: string, before: DeviceRate[] = []) => [...before, parse(text, flag)];
  const [rate, operations] = [each(parseDeviceRate), each(parseDeviceOperations)];
  return command
    .option('--device-read-bps <device:bytes>', 'bytes a second read, such as /dev/sda:1mb', rate('--device-read-bps'))
    .option('--device-write-bps <device:bytes>', 'bytes a second written', rate('--device-write-bps'))
    .option(
      '--device-read-iops <device:number>',
      'reads a second, such as /dev/sda:100',
      operations('--device-read-iops'),
    )
    .option('--device-write-iops <device:number>', 'writes a second', operations('--device-write-iops'));
}

/** The limits that flags mean. A flag of 0 is none. @throws {Error} if a disk isn't there */
export function limitsOf(flags: LimitFlags): Limits {
  const { memory, memorySwap, memoryReservation, cpus, cpuPeriod, cpuQuota, cpuShares } = flags;
  const { cpusetCpus, cpusetMems, pidsLimit, blkioWeight } = flags;
  const disks = (flag: string, rates: DeviceRate[] = []) => rates.map((rate) => diskOf(rate, flag));
  const limits: Limits = {
    ...(memory && { memory }),
    ...(memorySwap && { memorySwap }),
    ...(memoryReservation && { memoryReservation }),
    ...(cpus && { nanoCpus: cpus }),
    ...(cpuPeriod && { cpuPeriod }),
    ...(cpuQuota && { cpuQuota }),
    ...(cpuShares && { cpuShares }),
    ...(cpusetCpus && { cpusetCpus }),
    ...(cpusetMems && { cpusetMems }),
    ...(pidsLimit !== undefined && { pids: pidsLimit > 0 ? pidsLimit : Infinity }),
    ...(blkioWeight && { blkioWeight }),
    ...(flags.deviceReadBps && { deviceReadBps: disks('--device-read-bps', flags.deviceReadBps) }),
    ...(flags.deviceWriteBps && { deviceWriteBps: disks('--device-write-bps', flags.deviceWriteBps) }),
    ...(flags.deviceReadIops && { deviceReadIops: disks('--device-read-iops', flags.deviceReadIops) }),
    ...(flags.deviceWriteIops && { deviceWriteIops: disks('--device-write-iops', flags.deviceWriteIops) }),
  };
  return limits;
}

function swap(text: string): number {
  return text === '-1' ? -1 : ramInBytes(text, '--memory-swap');
}

function shares(text: string): number {
  return integer(text, '--cpu-shares to be a number from 2 to 262144');
}

function pids(text: string): number {
  return integer(text, '--pids-limit to be a number of processes, or -1 for any');
}

function weight(text: string): number {
  return natural(text, '--blkio-weight to be a number from 10 to 1000', 65_535n);
}

function period(text: string): number {
  return integer(text, '--cpu-period to be a number of microseconds from 1000 to 1000000');
}

function cpuQuota(text: string): number {
  return integer(text, '--cpu-quota to be a number of microseconds, at least 1000');
}

function list(flag: string): (text: string) => string {
  return (text) => {
    parseCpuset(text, flag);
    return text;
  };
}
