import { closeSync, openSync } from 'node:fs';
import { F_OFD_SETLK, F_OFD_SETLKW, F_RDLCK, F_WRLCK, fcntl, perform, tolerate } from 'shared-native';
import { closeHeld, hold, isAt } from 'step-04';
import { takeAddresses } from './addresses.ts';
import type { Address, Network, Wanted } from './network.ts';
import { fileOf } from './networks.ts';
import type { Block } from './subnet.ts';

// #region a lock is a lease
// A network is a file. Its byte N stands for address number N: the process with the lock on that byte has the address. No
// container has number 0, so byte 0 stands for the network: everybody on it shares a lock there. The kernel drops a lock
// when its owner dies, however that happens, so no address is ever lost.

/**
 * Leases addresses in a network, one in each subnet, until `release`, or until this process ends.
 *
 * @param find - finds the network, or makes it
 * @throws {Error} as takeAddresses does
 */
export function lease(find: () => Network, wanted: Pick<Wanted, 'ip' | 'ip6'>): [Network, Address[]] {
  const [network, file] = share(find);
  try {
    const addresses = takeAddresses(network, wanted, (offset, subnet) => lock(file, byteOf(offset, subnet)));
    hold(file, () => leased.delete(addresses));
    leased.set(addresses, file);
    return [network, addresses];
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

/**
 * Gives back what `lease` returned. Does nothing with addresses that were read from a journal: another process leased them, and
 * by now they may be leased here, for another container.
 */
export function release(addresses: readonly Address[]): void {
  const file = leased.get(addresses);
  if (file === undefined) return;
  leased.delete(addresses);
  closeHeld(file);
}

/**
 * Does something to a network while no container uses it, or can begin to.
 *
 * @returns false if a container uses it; then nothing is done
 */
export function whileUnused(network: string, doing: () => void): boolean {
  const file = openIfThere(fileOf(network));
  try {
    if (file !== undefined && !lock(file, NETWORK)) return false;
    doing();
    return true;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
// #endregion

/** Opens a network's file, and shares its lock. Waits if the last container is taking the network down just now. */
function share(find: () => Network): [Network, number] {
  for (;;) {
    const network = find();
    const file = openIfThere(fileOf(network.name));
    if (file === undefined) continue; // somebody has removed it just now, so it isn't found either
    perform(fcntl(file, F_OFD_SETLKW, { l_type: F_RDLCK, l_start: NETWORK, l_len: 1 }));
    if (isAt(file, fileOf(network.name))) return [network, file];
    closeSync(file);
  }
}

function lock(file: number, byte: bigint): boolean {
  const call = fcntl(file, F_OFD_SETLK, { l_type: F_WRLCK, l_start: byte, l_len: 1 });
  return perform(tolerate(call, 'EAGAIN')) === 0;
}

const NETWORK = 0n;

/** Where the numbers of IPv6 addresses begin: those of IPv4 are all lower. */
const SIX = 2n ** 32n;

/** A file has at most 2^63 bytes, and an IPv6 subnet may have more addresses: then some of them share a byte. */
function byteOf(offset: bigint, { bits }: Block): bigint {
  return bits === 32 ? offset : SIX + (offset % 2n ** 62n);
}

/** The files that this process has locks on, by the very addresses that `lease` returned: two leases may be equal. */
const leased = new Map<readonly Address[], number>();

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, 'r+');
  } catch (error) {
    if (['ENOENT', 'EISDIR', 'ELOOP'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined; // nobody has a lock on it
    throw error;
  }
}
