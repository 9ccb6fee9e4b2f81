import { closeSync, constants, openSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { F_OFD_SETLK, F_OFD_SETLKW, F_RDLCK, F_WRLCK, fcntl, perform, tolerate } from 'shared-native';
import { hold, isAt, letGo, makeDirectories, state } from 'step-04';
import { takeAddresses } from './addresses.ts';
import type { Address, Network, Wanted } from './network.ts';
import type { Block } from './subnet.ts';

// #region a lock is a lease
// Every network has an empty file. Byte N of it stands for address number N: who has the lock on that byte has the address.
// Byte 0, the number of no container, stands for the network: all that use it share a lock there. The kernel lets go of a
// lock when its owner dies, however it dies, so no address is ever lost.

/**
 * Leases addresses of a network, one of each subnet, until `release`, or until this process ends.
 *
 * @param find - gives the network, when nobody can remove it any more
 * @throws {Error} as takeAddresses does
 */
export function lease(name: string, wanted: Pick<Wanted, 'ip' | 'ip6'>, find: () => Network): [Network, Address[]] {
  const file = openShared(leasesOf(name));
  try {
    const network = find();
    const addresses = takeAddresses(network, wanted, (offset, subnet) => lock(file, byteOf(offset, subnet)));
    hold(file);
    leased.set(leasesOf(name) + addresses[0]?.address, file);
    return [network, addresses];
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

/** Lets go of what `lease` gave. Fine if it wasn't this process that leased it. */
export function release(name: string, [first]: readonly Address[]): void {
  const file = leased.get(leasesOf(name) + first?.address);
  if (file === undefined) return;
  leased.delete(leasesOf(name) + first?.address);
  letGo(file);
  closeSync(file);
}

/**
 * Does something to a network that no container uses; meanwhile none can begin to.
 *
 * @returns false if one uses it, and then nothing is done
 */
export function whileUnused(name: string, doing: () => void): boolean {
  const path = leasesOf(name);
  const file = open(path);
  try {
    if (!lock(file, NETWORK)) return false;
    if (!isAt(file, path)) return whileUnused(name, doing); // somebody has done so just now, and removed the file
    doing();
    rmSync(path);
    removeIfEmpty(dirname(path));
    return true;
  } finally {
    closeSync(file);
  }
}
// #endregion

/** The files that this process has locks on, by network and address. */
const leased = new Map<string, number>();

const NETWORK = 0n;

/** Where the numbers of IPv6 addresses begin: those of IPv4 are all lower. */
const SIX = 2n ** 32n;

/** A file has 2^63 bytes, and a subnet of IPv6 may have more addresses: then a few share a byte. */
function byteOf(offset: bigint, { bits }: Block): bigint {
  return bits === 32 ? offset : SIX + (offset % 2n ** 62n);
}

function lock(file: number, byte: bigint): boolean {
  const call = fcntl(file, F_OFD_SETLK, { l_type: F_WRLCK, l_start: byte, l_len: 1 });
  return perform(tolerate(call, 'EAGAIN')) === 0;
}

/** Opens a network's file with a share of the network. The last that has left it may just be removing both: then this waits. */
function openShared(path: string): number {
  for (;;) {
    const file = open(path);
    perform(fcntl(file, F_OFD_SETLKW, { l_type: F_RDLCK, l_start: NETWORK, l_len: 1 }));
    if (isAt(file, path)) return file;
    closeSync(file);
  }
}

function open(path: string): number {
  for (;;) {
    makeDirectories(dirname(path), 0o755);
    const file = unless('ENOENT', () => openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600));
    if (file !== undefined) return file; // else somebody has removed the directory just now, for it was empty
  }
}

function removeIfEmpty(directory: string): void {
  unless('ENOTEMPTY', () => rmdirSync(directory));
}

/** What it comes to; undefined if it fails with this error. */
function unless<T>(code: string, doing: () => T): T | undefined {
  try {
    return doing();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === code) return undefined;
    throw error;
  }
}

function leasesOf(network: string): string {
  return join(state().journals, '.networks', network);
}
