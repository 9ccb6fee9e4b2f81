import { existsSync, type Stats, statSync } from 'node:fs';
import { major, minor } from 'shared-native';
import { ramInBytes } from '../sizes.ts';

/** How fast a disk may be read or written: bytes or operations a second. */
export interface DeviceRate {
  /** The disk's file, below /dev. */
  readonly path: string;
  /** A second; 0 is no limit. */
  readonly rate: number;
}

/** A disk by the numbers under which the kernel knows it, such as `8:0`. */
export interface DiskRate {
  readonly disk: string;
  readonly rate: number;
}

/** The kernel counts operations in 32 bits, and cuts off what is more: 4294967297 would be 1. */
const MOST_OPERATIONS = 2n ** 32n - 1n;

/** `/dev/sda:1mb`. @throws {Error} if it isn't a path below /dev, a colon and a size */
export function parseDeviceRate(text: string, flag: string): DeviceRate {
  const { path, rest } = cut(text, `${flag} to be a device and bytes a second such as /dev/sda:1mb`);
  return { path, rate: ramInBytes(rest, flag) };
}

/** `/dev/sda:1000`. @throws {Error} if it isn't a path below /dev, a colon and a number */
export function parseDeviceOperations(text: string, flag: string): DeviceRate {
  const { path, rest } = cut(text, `${flag} to be a device and operations a second such as /dev/sda:1000`);
  if (!/^\d+$/.test(rest) || BigInt(rest) >= 2n ** 64n) {
    throw new Error(`Expected ${flag} to be a whole number of operations a second, got ${JSON.stringify(rest)}`);
  }
  if (BigInt(rest) > MOST_OPERATIONS) {
    throw new Error(
      `Expected ${flag} to be at most ${MOST_OPERATIONS}, which is all that the kernel keeps, got ${rest}`,
    );
  }
  return { path, rate: Number(rest) };
}

function cut(text: string, what: string): { path: string; rest: string } {
  const at = text.indexOf(':');
  const path = text.slice(0, at);
  if (at === -1 || !path.startsWith('/dev/')) throw new Error(`Expected ${what}, got ${JSON.stringify(text)}`);
  return { path, rest: text.slice(at + 1) };
}

/** Finds the disk. @throws {Error} if there is none, or only a part of one: the kernel limits whole disks */
export function diskOf({ path, rate }: DeviceRate, flag: string, look: (path: string) => Device = device): DiskRate {
  const found = look(path);
  if (found.kind === 'disk') return { disk: found.numbers, rate };
  if (found.kind === 'none')
    throw new Error(`stat ${path}: no such file or directory: ${flag} is for a disk; "lsblk" lists them`);
  if (found.kind === 'other') throw new Error(`${flag} ${path}: this is not a disk; "lsblk" lists them`);
  throw new Error(
    `${flag} ${path}: this is a partition, and the kernel limits whole disks; "lsblk" shows which it is on`,
  );
}

/** What there is under a path. */
export type Device =
  | { readonly kind: 'none' | 'other' }
  | { readonly kind: 'disk' | 'partition'; readonly numbers: string };

function device(path: string): Device {
  const found: Stats | undefined = statSync(path, { throwIfNoEntry: false });
  if (!found) return { kind: 'none' };
  if (!found.isBlockDevice()) return { kind: 'other' };
  const numbers = `${major(found.rdev)}:${minor(found.rdev)}`;
  return { kind: existsSync(`/sys/dev/block/${numbers}/partition`) ? 'partition' : 'disk', numbers };
}
