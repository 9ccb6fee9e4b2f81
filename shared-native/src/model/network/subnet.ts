import { AF_INET, AF_INET6 } from '../../kernel/constants.ts';
import { addressBytes, addressText } from '../../rtnetlink/address.ts';

// Addresses as numbers, so that prefixes can be compared.

/** AF_INET or AF_INET6. */
export function familyOf(address: string): number {
  return address.includes(':') ? AF_INET6 : AF_INET;
}

/** How many bits an address has. */
export function widthOf(family: number): number {
  return family === AF_INET6 ? 128 : 32;
}

/** In the kernel's spelling. @throws {TypeError} if it is no address */
export function canonical(address: string): string {
  return addressText(addressBytes(address));
}

/** Does a subnet hold an address? Those of another family it doesn't. */
export function covers(subnet: string, prefix: number, address: string): boolean {
  const family = familyOf(subnet);
  if (family !== familyOf(address)) return false;
  const rest = BigInt(widthOf(family) - prefix);
  return bitsOf(subnet) >> rest === bitsOf(address) >> rest;
}

/** The subnet that an address is in: its other bits are 0. */
export function subnetOf(address: string, prefix: number): string {
  const width = widthOf(familyOf(address));
  const rest = BigInt(width - prefix);
  const bits = (bitsOf(address) >> rest) << rest;
  return addressText(
    Uint8Array.from({ length: width / 8 }, (_, nth) => Number((bits >> BigInt(width - 8 - 8 * nth)) & 0xffn)),
  );
}

/** How many bits two addresses of one family begin with that are the same. */
export function sharedBits(one: string, other: string): number {
  const different = bitsOf(one) ^ bitsOf(other);
  return widthOf(familyOf(one)) - (different === 0n ? 0 : different.toString(2).length);
}

/** An address as a number. */
export function bitsOf(address: string): bigint {
  return addressBytes(address).reduce((bits, byte) => (bits << 8n) | BigInt(byte), 0n);
}
