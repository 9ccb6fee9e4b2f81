import type { Argument, Call, Field } from './call.ts';
import { ERRNO } from './kernel/errno.ts';
import { type Spelling, spelling } from './kernel/spelling.ts';
import { type Machine, thisMachine } from './kernel/syscall-numbers.ts';

/** Bytes of one record: what the trampoline needs to know of one call, and where it writes the result. */
export const RECORD_BYTES = 80;

/** Offsets within a record. */
export const RECORD = { number: 0, arguments: 8, result: 56, least: 64, tolerated: 72 } as const;

/** What stands in a result until the call is made: no system call answers this. */
export const NOT_MADE = -(2 ** 63);

/** The largest program that is laid out, in bytes: far above what one execve takes (6 MiB of arguments). */
export const MAX_PROGRAM_BYTES = 16 * 1024 * 1024;

/** A list of calls as it will lie in memory, but not yet at any address: it can be looked at, stored and compared. */
export interface Program {
  readonly machine: Machine;
  readonly calls: readonly Call[];
  /** The records, then what they point to, as if loaded at address 0. */
  readonly image: Uint8Array;
  /** Where in the image pointers stand: loading adds the address of the memory to each. */
  readonly pointers: readonly number[];
  /** Where the kernel will write, and for whom. */
  readonly rooms: readonly { readonly offset: number; readonly into: Uint8Array }[];
}

/**
 * Lays a list of calls out in memory.
 *
 * @param spelled - the calls as the machine's kernel spells them, where the caller has them already
 * @throws {RangeError} if it takes more than MAX_PROGRAM_BYTES.
 * @throws {TypeError} if an argument is the result of a call that doesn't stand earlier in the list.
 */
export function layOut(
  calls: readonly Call[],
  machine: Machine = thisMachine(),
  spelled: readonly Spelling[] = calls.map((call) => spelling(call, machine)),
): Program {
  const image = new Image((calls.length + 1) * RECORD_BYTES);
  const nothing = image.room(8);
  const places = new Map<Call, number>();
  let record = 0;
  for (const [nth, call] of calls.entries()) {
    const { number, args } = spelled[nth] as Spelling;
    image.integer(record + RECORD.number, number);
    for (let which = 0; which < 6; which++) {
      const argument = args[which];
      const at = argument && !isZero(argument) ? cell(image, argument, places, call) : nothing;
      image.pointer(record + RECORD.arguments + which * 8, at);
    }
    image.integer(record + RECORD.result, NOT_MADE);
    image.integer(record + RECORD.least, call.tolerates === 'any' ? -4095 : (call.least ?? 0));
    image.integer(record + RECORD.tolerated, tolerated(call));
    places.set(call, record + RECORD.result);
    record += RECORD_BYTES;
  }
  // The record after the last: a call that no kernel has. A walk that runs off the end stops here.
  image.integer(record + RECORD.number, -1);
  for (let nth = 0; nth < 6; nth++) image.pointer(record + RECORD.arguments + nth * 8, nothing);
  return { machine, calls, image: image.bytes(), pointers: image.pointers, rooms: image.rooms };
}

// Where none is, a number that no call answers: with 0, a read of nothing would pass for the error that is fine.
function tolerated({ tolerates }: Call): number {
  const errno = tolerates === undefined ? undefined : ERRNO[tolerates];
  return errno === undefined ? NOT_MADE : -errno;
}

/** Is this an argument that needs no cell of its own: a null pointer, the number 0? */
function isZero(argument: Argument): boolean {
  return argument.kind === 'null' || (argument.kind === 'integer' && argument.value === 0);
}

/** Where the 8 bytes of an argument stand: in a cell of its own, or where the call that it waits for leaves its result. */
function cell(image: Image, argument: Argument, places: Map<Call, number>, call: Call): number {
  if (argument.kind === 'result') {
    const place = places.get(argument.of);
    if (place !== undefined) return place;
    throw new TypeError(
      `${call.name} takes the result of ${argument.of.name}, which must stand earlier in the same program`,
    );
  }
  const at = image.room(8);
  write(image, at, argument);
  return at;
}

function write(image: Image, at: number, argument: Argument, width: Field['bytes'] = 8): void {
  if (argument.kind === 'result') {
    throw new TypeError(`the result of ${argument.of.name} can be an argument, but not a field of a struct`);
  }
  if (argument.kind === 'integer') image.integer(at, argument.value, width);
  else if (argument.kind !== 'null') image.pointer(at, pointedTo(image, argument));
}

/** Lays out what a pointer leads to. @returns where it lies */
function pointedTo(image: Image, argument: Exclude<Argument, { kind: 'integer' | 'null' | 'result' }>): number {
  switch (argument.kind) {
    case 'string':
      return image.text(argument.value);
    case 'strings':
      return strings(image, argument.value);
    case 'struct':
      return image.once(argument, () => struct(image, argument.fields));
    case 'bytes':
      return image.data(argument.value);
    case 'room':
      return image.roomFor(argument.into);
  }
}

function strings(image: Image, values: readonly string[]): number {
  const list = image.room((values.length + 1) * 8);
  for (const [index, value] of values.entries()) image.pointer(list + index * 8, image.text(value));
  return list;
}

function struct(image: Image, fields: Readonly<Record<string, Field>>): number {
  const all = Object.values(fields);
  const at = image.room(all.reduce(end, 0));
  let offset = 0;
  for (const field of all) {
    write(image, at + end(offset, field) - field.bytes, field.value, field.bytes);
    offset = end(offset, field);
  }
  return at;
}

/** Where a field ends that comes after `offset` bytes of a struct: as C does, it begins at a multiple of its own width. */
function end(offset: number, { bytes }: Field): number {
  return Math.ceil(offset / bytes) * bytes + bytes;
}

/** Bytes that grow, and the places in them that hold addresses. */
class Image {
  readonly pointers: number[] = [];
  readonly rooms: { offset: number; into: Uint8Array }[] = [];
  #buffer: Buffer;
  #halves: Int32Array;
  #used = 0;
  readonly #places = new Map<unknown, number>();

  constructor(reserved: number) {
    this.#buffer = Buffer.from(new ArrayBuffer(Math.max(512, reserved * 3)));
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

  roomFor(into: Uint8Array): number {
    const offset = this.data(into);
    this.rooms.push({ offset, into });
    return offset;
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
