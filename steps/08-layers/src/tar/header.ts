import { BLOCK, type Extent } from './entry.ts';

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
  const prefix = magic === 'ustar\0' ? bytes(block, 345, 155) : Buffer.alloc(0);
  const name = bytes(block, 0, 100);
  return {
    type: block.toString('latin1', 156, 157),
    path: prefix.length > 0 ? Buffer.concat([prefix, Buffer.from('/'), name]) : name,
    linkpath: bytes(block, 157, 100),
    mode: number(block, 100, 8),
    uid: number(block, 108, 8),
    gid: number(block, 116, 8),
    size: number(block, 124, 12),
    mtime: number(block, 136, 12),
    major: magic === 'ustar\0' || magic === 'ustar ' ? number(block, 329, 8) : 0,
    minor: magic === 'ustar\0' || magic === 'ustar ' ? number(block, 337, 8) : 0,
    gnu: magic === 'ustar ',
  };
}

/** The sum of a header's bytes, in which those of the sum itself count as spaces. */
export function sumOf(block: Buffer): number {
  let sum = 8 * 0x20;
  for (let at = 0; at < BLOCK; at++) if (at < 148 || at >= 156) sum += block[at] as number;
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
  const field = block.subarray(at, at + length);
  if (((field[0] ?? 0) & 0x80) !== 0) return base256(field);
  const text = field.toString('latin1').replace(/\0.*/s, '').trim();
  if (!/^[0-7]*$/.test(text)) throw new Error(`${JSON.stringify(text)} is no octal number`);
  return text === '' ? 0 : Number.parseInt(text, 8);
}

function base256(field: Buffer): number {
  const negative = ((field[0] ?? 0) & 0x40) !== 0;
  const value = field.reduce((sum, byte, nth) => sum * 256n + BigInt(nth === 0 && !negative ? byte & 0x7f : byte), 0n);
  return Number(negative ? BigInt.asIntN(field.length * 8, value) : value);
}

/** The bytes of a field up to the first NUL. */
function bytes(block: Buffer, at: number, length: number): Buffer {
  const field = block.subarray(at, at + length);
  const end = field.indexOf(0);
  return Buffer.from(end === -1 ? field : field.subarray(0, end));
}
