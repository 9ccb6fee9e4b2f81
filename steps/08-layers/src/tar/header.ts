import { BLOCK, type Extent } from './entry.ts';

const NONE = Buffer.alloc(0);

const SPACE = 0x20;

/** The fields of a header that are bytes or numbers: pax headers may say something else of them. */
export interface Header {
  readonly type: string;
  path: Buffer;
  linkpath: Buffer;
  readonly mode: number;
  uid: number;
  gid: number;
  mtime: number;
  /** How many bytes follow the header. */
  size: number;
  readonly major: number;
  readonly minor: number;
  /** Is it as GNU's tar had them before POSIX? */
  readonly gnu: boolean;
}

/**
 * Reads a block as a header.
 *
 * @throws {Error} if the sum that it holds isn't that of its bytes
 * @see {@link https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html | pax, "ustar Interchange Format"}
 */
export function readHeader(block: Buffer): Header {
  if (number(block, 148, 8) !== sumOf(block)) throw new Error('its checksum is wrong');
  const magic = block.toString('latin1', 257, 263);
  const isNumbered = magic === 'ustar\0' || magic === 'ustar ';
  const prefix = magic === 'ustar\0' ? bytes(block, 345, 155) : NONE;
  const name = bytes(block, 0, 100);
  return {
    type: String.fromCharCode(block[156] as number),
    path: prefix.length > 0 ? Buffer.concat([prefix, Buffer.from('/'), name]) : name,
    linkpath: bytes(block, 157, 100),
    mode: number(block, 100, 8),
    uid: number(block, 108, 8),
    gid: number(block, 116, 8),
    size: number(block, 124, 12),
    mtime: number(block, 136, 12),
    major: isNumbered ? number(block, 329, 8) : 0,
    minor: isNumbered ? number(block, 337, 8) : 0,
    gnu: magic === 'ustar ',
  };
}

/** The sum of a header's bytes, in which those of the sum itself count as spaces. */
export function sumOf(block: Buffer): number {
  let sum = 8 * SPACE;
  for (let at = 0; at < 148; at++) sum += block[at] as number;
  for (let at = 156; at < BLOCK; at++) sum += block[at] as number;
  return sum;
}

/** The parts of a sparse file that a GNU header has, or a block that continues it. */
export function sparseExtents(block: Buffer, from: number, count: number): Extent[] {
  const all = Array.from({ length: count }, (_, nth) => {
    const at = from + nth * 24;
    return { at: number(block, at, 12), length: number(block, at + 12, 12) };
  });
  return all.filter(({ length }) => length > 0);
}

/** A number in octal, or, where the first bit is set, in base 256. @throws {Error} if it is neither */
export function number(block: Buffer, at: number, length: number): number {
  if (((block[at] ?? 0) & 0x80) !== 0) return base256(block.subarray(at, at + length));
  const end = at + length;
  let [here, value] = [at, 0];
  while (here < end && block[here] === SPACE) here += 1;
  for (; here < end && isOctal(block[here] as number); here++) value = value * 8 + (block[here] as number) - 0x30;
  while (here < end && block[here] === SPACE) here += 1;
  if (here < end && block[here] !== 0)
    throw new Error(`${JSON.stringify(block.toString('latin1', at, end).replace(/\0.*/s, ''))} is not an octal number`);
  return value;
}

function isOctal(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x37;
}

function base256(field: Buffer): number {
  const negative = ((field[0] ?? 0) & 0x40) !== 0;
  const value = field.reduce((sum, byte, nth) => sum * 256n + BigInt(nth === 0 && !negative ? byte & 0x7f : byte), 0n);
  return Number(negative ? BigInt.asIntN(field.length * 8, value) : value);
}

/** The bytes of a field up to the first NUL. */
function bytes(block: Buffer, at: number, length: number): Buffer {
  let end = at;
  while (end < at + length && block[end] !== 0) end += 1;
  return end === at ? NONE : Buffer.from(block.subarray(at, end));
}
