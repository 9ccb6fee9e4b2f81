import { addressBytes, addressText } from 'shared-native';

/** A run of addresses whose first bits are the same: `172.18.0.0/16`, as numbers. */
export interface Block {
  readonly first: bigint;
  /** How many bits are the same in all of them: 16. */
  readonly prefix: number;
  /** How many bits an address has: 32 or 128. */
  readonly bits: 32 | 128;
}

/**
 * The addresses that a text such as `172.18.0.0/16` means. One in the middle, 172.18.0.5/16, means the same block.
 *
 * @throws {Error} if it means none
 */
export function block(cidr: string): Block {
  const [text = '', length = ''] = cidr.split(/\/(.*)/s);
  const bytes = bytesOf(text);
  const prefix = Number(length);
  if (!bytes || !/^(0|[1-9]\d{0,2})$/.test(length) || prefix > bytes.length * 8) {
    throw new Error(`Expected a subnet such as 172.18.0.0/16 or fd00:1::/64, got ${JSON.stringify(cidr)}`);
  }
  const bits = bytes.length === 4 ? 32 : 128;
  const rest = BigInt(bits - prefix);
  return { first: (toNumber(bytes) >> rest) << rest, prefix, bits };
}

/** The text of a block. */
export function cidrOf({ first, prefix, bits }: Block): string {
  return `${toText(first, bits)}/${prefix}`;
}

/** How many addresses a block has. */
export function size({ prefix, bits }: Block): bigint {
  return 1n << BigInt(bits - prefix);
}

/** The address that so many others of the block come before: number 1 of 172.18.0.0/16 is 172.18.0.1. */
export function addressAt({ first, bits }: Block, offset: bigint): string {
  return toText(first + offset, bits);
}

/** Which address of its block one is, counted from 0. undefined if it isn't in the block. */
export function offsetIn(within: Block, address: string): bigint | undefined {
  const bytes = bytesOf(address);
  if (bytes?.length !== within.bits / 8) return undefined;
  const offset = toNumber(bytes) - within.first;
  return offset >= 0n && offset < size(within) ? offset : undefined;
}

/** Do two blocks have an address in common? Then one holds the other. */
export function overlap(one: Block, other: Block): boolean {
  if (one.bits !== other.bits) return false;
  const rest = BigInt(one.bits - Math.min(one.prefix, other.prefix));
  return one.first >> rest === other.first >> rest;
}

function bytesOf(address: string): Uint8Array | undefined {
  try {
    return addressBytes(address);
  } catch {
    return undefined;
  }
}

function toNumber(bytes: Uint8Array): bigint {
  return bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

function toText(number: bigint, bits: Block['bits']): string {
  const bytes = Uint8Array.from({ length: bits / 8 }, (_, nth) =>
    Number((number >> BigInt(bits - 8 * (nth + 1))) & 0xffn),
  );
  return addressText(bytes);
}
