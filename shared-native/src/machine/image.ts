import type { Field } from '../call.ts';

/** The largest program that is laid out, in bytes: far above what one execve takes (6 MiB of arguments). */
export const MAX_PROGRAM_BYTES = 16 * 1024 * 1024;

const PAGE = 4096;

/** Bytes that grow, and the places in them that hold addresses. */
export class Image {
  readonly pointers: number[] = [];
  readonly rooms: { offset: number; into: Uint8Array }[] = [];
  #buffer: Buffer;
  #halves: Int32Array;
  #used = 0;
  readonly #places = new Map<unknown, number>();

  constructor(reserved: number) {
    this.#buffer = Buffer.from(new ArrayBuffer(Math.max(512, reserved * 2)));
    this.#halves = new Int32Array(this.#buffer.buffer);
    this.room(reserved);
  }

  bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#used);
  }

  room(length: number): number {
    const at = this.#used;
    this.#used = at + ((length + 7) & ~7);
    if (this.#used > MAX_PROGRAM_BYTES) {
      throw new RangeError(
        `this program needs more than the ${MAX_PROGRAM_BYTES} bytes of memory that a program may take: make fewer calls, or pass what is large in a file`,
      );
    }
    if (this.#used > this.#buffer.length) this.#grow();
    return at;
  }

  /** Goes on at the next page. @returns where that is */
  page(): number {
    this.room(-this.#used & (PAGE - 1));
    return this.#used;
  }

  /** Calls that share a room share it here, too: what one has read there, another may write. */
  roomFor(into: Uint8Array): number {
    return this.once(into, () => {
      const offset = this.data(into);
      this.rooms.push({ offset, into });
      return offset;
    });
  }

  data(data: Uint8Array): number {
    const at = this.room(data.length);
    this.#buffer.set(data, at);
    return at;
  }

  /** What many arguments lead to lies here once: the texts in a search of the path, what is to be done at each signal. */
  once(what: unknown, put: () => number): number {
    const there = this.#places.get(what);
    if (there !== undefined) return there;
    const at = put();
    this.#places.set(what, at);
    return at;
  }

  /** With the NUL byte that ends it. */
  text(text: string): number {
    return this.once(text, () => {
      const at = this.room(Buffer.byteLength(text) + 1);
      this.#buffer.write(text, at);
      return at;
    });
  }

  pointer(at: number, to: number): void {
    this.pointers.push(at);
    this.#halves[at >> 2] = to;
  }

  integer(at: number, value: number | bigint, width: Field['bytes'] = 8): void {
    if (width < 4) this.#buffer.writeUIntLE(Number(BigInt.asUintN(width * 8, BigInt(value))), at, width);
    else if (typeof value === 'bigint') this.#bigint(at, value, width);
    else setInteger(this.#halves, at, value, width);
  }

  #bigint(at: number, value: bigint, width: number): void {
    this.#halves[at >> 2] = Number(BigInt.asIntN(32, value));
    if (width === 8) this.#halves[(at >> 2) + 1] = Number(BigInt.asIntN(32, value >> 32n));
  }

  #grow(): void {
    const larger = Buffer.from(new ArrayBuffer(this.#used * 2));
    this.#buffer.copy(larger);
    this.#buffer = larger;
    this.#halves = new Int32Array(larger.buffer);
  }
}

/**
 * Writes a whole number in two's complement, without the BigInts that DataView would want: a container has a thousand
 * such words, and with BigInts laying them out took a sixth of its time.
 */
export function setInteger(halves: Int32Array, at: number, value: number, width: Field['bytes'] = 8): void {
  const half = at >> 2;
  halves[half] = value;
  if (width === 8) halves[half + 1] = (value | 0) === value ? value >> 31 : Math.floor(value / 2 ** 32);
}

/** Reads what setInteger writes. */
export function integerAt(halves: Int32Array, at: number): number {
  const half = at >> 2;
  return (halves[half + 1] as number) * 2 ** 32 + ((halves[half] as number) >>> 0);
}
