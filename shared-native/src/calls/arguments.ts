import type { Argument, Call, Fd, Field, Shown } from '../call.ts';
import * as constants from '../kernel/constants.ts';

/** Longest path that the kernel takes, with its NUL byte, in bytes (PATH_MAX in <linux/limits.h>). */
export const PATH_MAX = 4096;

/** Longest single string of argv or envp, with its NUL byte, in bytes (32 pages; execve(2)). */
export const MAX_ARG_STRLEN = 131_072;

/** A signal's name, such as `SIGTERM`, or its number. */
export type Signal = string | number;

const SIGNALS = new Map(
  Object.entries(constants).filter((entry): entry is [string, number] => /^SIG[A-Z]/.test(entry[0])),
);

/** A C `int`. @throws {RangeError} if it isn't a whole number from -2^31 to 2^31-1. */
export function int(name: string, value: number, shown?: Shown): Argument {
  return integer(name, value, -(2n ** 31n), 2n ** 31n - 1n, shown);
}

/** An unsigned number of 32 bits: a user or group id, a mode. @throws {RangeError} outside 0 to 2^32-1. */
export function uint(name: string, value: number, shown?: Shown): Argument {
  return integer(name, value, 0n, 2n ** 32n - 1n, shown);
}

/** An unsigned number of 64 bits: a size, an `unsigned long`. @throws {RangeError} outside 0 to 2^64-1. */
export function ulong(name: string, value: number | bigint, shown?: Shown): Argument {
  return integer(name, value, 0n, 2n ** 64n - 1n, shown);
}

/** A whole number within bounds of its own. @throws {RangeError} outside them. */
export function within(name: string, value: number, least: number, most: number, shown?: Shown): Argument {
  return integer(name, value, BigInt(least), BigInt(most), shown);
}

/** A user or group id, or -1: leave as it is. @throws {RangeError} outside -1 to 2^32-2. */
export function id(name: string, value: number): Argument {
  return within(name, value, -1, 2 ** 32 - 2);
}

/** Permission bits, shown in octal. @throws {RangeError} outside 0 to 2^32-1. */
export function mode(name: string, value: number): Argument {
  return uint(name, value, 'octal');
}

/**
 * A set of flags, written by their names from a group of `constants.ts`. JavaScript's `|` makes the sign bit
 * negative (`MS_NOUSER | 1` is -2147483647); the 32 bits meant are taken.
 *
 * @throws {RangeError} if it is no set of 32 bits.
 */
export function flags(name: string, value: number, group: string): Argument {
  const bits = Number.isInteger(value) && value < 0 && value >= -(2 ** 31) ? value >>> 0 : value;
  return uint(name, bits, group);
}

/** A signal, by its name (`SIGTERM`, `SIGRTMIN+1`) or number; 0 is none. @throws {RangeError} if there is no such signal. */
export function signal(name: string, value: Signal): Argument {
  if (typeof value === 'number') return within(name, value, 0, constants.SIGRTMAX, 'signal=');
  const [base = '', offset = '0'] = value.split('+');
  const number = (SIGNALS.get(base) ?? Number.NaN) + Number(offset);
  if (number >= 1 && number <= constants.SIGRTMAX && (offset === '0' || base === 'SIGRTMIN')) {
    return int(name, number, 'signal=');
  }
  throw new RangeError(`${name} must be a signal of signal(7), such as "SIGTERM", got ${show(value)}`);
}

/** A set of signals as the kernel has it: 8 bytes, where signal n is bit n - 1. @throws {RangeError} as `signal`. */
export function signals(name: string, values: readonly Signal[]): Argument {
  let set = 0n;
  for (const [index, one] of values.entries()) {
    const argument = signal(`${name}[${index}]`, one);
    if (argument.kind === 'integer' && argument.value !== 0) set |= 1n << (BigInt(argument.value) - 1n);
  }
  return struct('sigset_t', { sig: u64(name, set, 'signal#1') });
}

/** A descriptor, or the call that opens it. @throws {RangeError} if it is neither AT_FDCWD nor from 0 to 2^31-1. */
export function fd(name: string, value: Fd): Argument {
  if (isCall(value)) return { kind: 'result', of: value };
  if (value === constants.AT_FDCWD) return int(name, value, 'fd');
  return integer(name, value, 0n, 2n ** 31n - 1n, 'fd');
}

/** A string for the kernel. @throws {TypeError} if it isn't one, or holds a NUL byte, which would cut it short. */
export function text(name: string, value: string): Argument {
  if (typeof value !== 'string') throw new TypeError(`${name} must be a string, got ${show(value)}`);
  if (value.includes('\0')) {
    throw new TypeError(`${name} must not contain a NUL byte, where the kernel would cut it short: ${show(value)}`);
  }
  return { kind: 'string', value };
}

/** A path. @throws {TypeError} as `text`. @throws {RangeError} if it is longer than the kernel takes. */
export function path(name: string, value: string): Argument {
  const argument = text(name, value);
  const length = byteLength(value) + 1;
  if (length > PATH_MAX) {
    throw new RangeError(
      `${name} is ${length} bytes long, and the kernel takes paths of ${PATH_MAX} (PATH_MAX): ${show(value)}`,
    );
  }
  return argument;
}

/** The bytes that a text takes as UTF-8. Not by Buffer: a browser makes calls as values, too. */
export function byteLength(value: string): number {
  return new TextEncoder().encode(value).length;
}

/** `of`, or a null pointer where the man page allows one. */
export function nullable<T>(of: (name: string, value: T) => Argument, name: string, value: T | null): Argument {
  return value === null ? { kind: 'null' } : of(name, value);
}

/** An argument list or an environment. @throws {RangeError} if one string is over MAX_ARG_STRLEN. */
export function strings(name: string, value: readonly string[]): Argument {
  for (const [index, one] of value.entries()) {
    text(`${name}[${index}]`, one);
    const length = byteLength(one) + 1;
    if (length > MAX_ARG_STRLEN) {
      throw new RangeError(
        `${name}[${index}] is ${length} bytes long, and the kernel takes ${MAX_ARG_STRLEN} (MAX_ARG_STRLEN): pass it in a file or on standard input`,
      );
    }
  }
  return { kind: 'strings', value: [...value] };
}

/** Bytes that the kernel reads. */
export function bytes(value: Uint8Array): Argument {
  return { kind: 'bytes', value: Uint8Array.from(value) };
}

/**
 * Room that the kernel writes to. `perform` fills `into` with what it wrote; a child's program when it has ended.
 *
 * @throws {RangeError} if the kernel writes a fixed number of bytes and there isn't room for just these.
 */
export function room(into: Uint8Array, size = into.length, name = 'into'): Argument {
  if (into.length !== size) throw new RangeError(`${name} must have room for ${size} bytes, got ${into.length}`);
  return { kind: 'room', into };
}

/** A struct of the kernel's, fields in its order, each aligned to its own width as C does. */
export function struct(name: string, fields: Record<string, Field>): Argument {
  return { kind: 'struct', name, fields };
}

/** A 16-bit field. @throws {RangeError} outside 0 to 2^16-1. */
export function u16(name: string, value: number): Field {
  return { bytes: 2, value: integer(name, value, 0n, 2n ** 16n - 1n) };
}

/** A 32-bit field. @throws {RangeError} outside 0 to 2^32-1. */
export function u32(name: string, value: number, shown?: Shown): Field {
  return { bytes: 4, value: uint(name, value, shown) };
}

/** A 64-bit field. @throws {RangeError} outside 0 to 2^64-1. */
export function u64(name: string, value: number | bigint, shown?: Shown): Field {
  return { bytes: 8, value: ulong(name, value, shown) };
}

/** A field that points to something, or holds a descriptor that a call will open. */
export function pointer(value: Argument): Field {
  return { bytes: 8, value };
}

/**
 * A set of numbers, a bit for each, in words of 64 bits.
 *
 * @param group - what a number is called for people: `CPU`
 * @throws {RangeError} if a number isn't from 0 to 8191
 */
export function bitmap(type: string, name: string, numbers: readonly number[], group: string): Argument {
  for (const [index, number] of numbers.entries()) within(`${name}[${index}]`, number, 0, 8191);
  const word = (index: number): [string, Field] => {
    const bits = numbers
      .filter((number) => Math.floor(number / 64) === index)
      .reduce((set, number) => set | (1n << BigInt(number % 64)), 0n);
    return [`bits[${index}]`, u64(name, bits, `${group}#${64 * index}`)];
  };
  return struct(type, Object.fromEntries(Array.from({ length: wordsFor(numbers) }, (_, index) => word(index))));
}

/** How many words of 64 bits a set of numbers takes: at least one. */
export function wordsFor(numbers: readonly number[]): number {
  return Math.floor(Math.max(0, ...numbers) / 64) + 1;
}

/** Bytes of a struct's fields, without what C adds at its end. */
export function sizeOf(fields: Readonly<Record<string, Field>>): number {
  let end = 0;
  for (const name in fields) end = fieldEnd(end, fields[name] as Field); // faster than Object.values, as structs have other names each
  return end;
}

/** Where a field ends that comes after `offset` bytes of a struct: as C does, it begins at a multiple of its own width. */
export function fieldEnd(offset: number, { bytes }: Field): number {
  return Math.ceil(offset / bytes) * bytes + bytes;
}

/** Is this argument a call? (A descriptor may be given as the call that opens it.) */
export function isCall(value: unknown): value is Call {
  return typeof value === 'object' && value !== null && 'name' in value && 'args' in value;
}

function integer(name: string, value: number | bigint, least: bigint, most: bigint, shown?: Shown): Argument {
  const whole = typeof value === 'bigint' || Number.isSafeInteger(value);
  if (!whole || BigInt(value) < least || BigInt(value) > most) {
    throw new RangeError(`${name} must be a whole number from ${least} to ${most}, got ${show(value)}`);
  }
  const plain = Number.isSafeInteger(Number(value)) ? Number(value) : value; // JSON has no bigint
  return shown === undefined ? { kind: 'integer', value: plain } : { kind: 'integer', value: plain, shown };
}

function show(value: unknown): string {
  if (typeof value !== 'string') return String(value);
  const quoted = JSON.stringify(value);
  return quoted.length > 80 ? `${quoted.slice(0, 77)}…"` : quoted;
}
