import type { Command } from 'commander';
import { parseCpus } from '../cpus.ts';
import type { Limits } from '../limits.ts';
import { ramInBytes } from '../sizes.ts';
import { parseCpuset } from './cpuset.ts';
import { type DeviceRate, diskOf, parseDeviceRate } from './device-rate.ts';
import { integer } from './integers.ts';

/** The flags that limit, as commander gives them. 0 is no limit. */
export interface LimitFlags {
  memory?: number;
  memorySwap?: number;
  memoryReservation?: number;
  cpus?: number;
  cpuShares?: number;
  cpusetCpus?: string;
  pidsLimit?: number;
  blkioWeight?: number;
  deviceReadBps?: DeviceRate[];
  deviceWriteBps?: DeviceRate[];
}

/** Adds the flags that limit what a container uses, which `run` and `update` have. */
export function limitOptions(command: Command): Command {
  const size = (flag: string) => (text: string) => ramInBytes(text, flag);
  return command
    .option('-m, --memory <bytes>', 'memory, such as 64m or 1.5g; at least 6m', size('--memory'))
    .option('--memory-swap <bytes>', 'memory and swap together; -1 is all the swap (default: twice the memory)', swap)
    .option('--memory-reservation <bytes>', 'memory it keeps when others run short', size('--memory-reservation'))
    .option('--cpus <number>', 'how much of the CPUs it gets, such as 0.5', parseCpus)
    .option('-c, --cpu-shares <number>', 'its share of a busy CPU, next to the usual 1024', shares)
    .option('--cpuset-cpus <list>', 'the processors that it runs on, such as 0-2,5', cpuset)
    .option('--pids-limit <number>', 'how many processes fit (default: 512; -1 is any number)', pids)
    .option('--blkio-weight <number>', 'its share of a busy disk, 10 to 1000', weight);
}

/** Adds the flags that limit how fast disks are read and written. docker's `update` has none of them. */
export function deviceOptions(command: Command): Command {
  const rate =
    (flag: string) =>
    (text: string, before: DeviceRate[] = []) => [...before, parseDeviceRate(text, flag)];
  return command
    .option('--device-read-bps <device:bytes>', 'bytes a second read, such as /dev/sda:1mb', rate('--device-read-bps'))
    .option('--device-write-bps <device:bytes>', 'bytes a second written', rate('--device-write-bps'));
}

/** The limits that flags mean. A flag of 0 is none. @throws {Error} if a disk isn't there */
export function limitsOf(flags: LimitFlags): Limits {
  const { memory, memorySwap, memoryReservation, cpus, cpuShares, cpusetCpus, pidsLimit, blkioWeight } = flags;
  const disks = (flag: string, rates: DeviceRate[] = []) => rates.map((rate) => diskOf(rate, flag));
  const limits: Limits = {
    ...(memory && { memory }),
    ...(memorySwap && { memorySwap }),
    ...(memoryReservation && { memoryReservation }),
    ...(cpus && { nanoCpus: cpus }),
    ...(cpuShares && { cpuShares }),
    ...(cpusetCpus && { cpusetCpus }),
    ...(pidsLimit !== undefined && { pids: pidsLimit > 0 ? pidsLimit : Infinity }),
    ...(blkioWeight && { blkioWeight }),
    ...(flags.deviceReadBps && { deviceReadBps: disks('--device-read-bps', flags.deviceReadBps) }),
    ...(flags.deviceWriteBps && { deviceWriteBps: disks('--device-write-bps', flags.deviceWriteBps) }),
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
  return integer(text, '--blkio-weight to be a number from 10 to 1000', 0n, 65_535n);
}

function cpuset(text: string): string {
  parseCpuset(text);
  return text;
}
