import { ERRNO } from './kernel/errno.ts';
import type { SyscallName } from './kernel/syscall-numbers.ts';
import type { Message } from './rtnetlink/message.ts';

/** What stands for one argument of a system call: a number, or something that a pointer leads to. */
export type Argument =
  | { readonly kind: 'integer'; readonly value: number | bigint; readonly shown?: Shown }
  | { readonly kind: 'null' }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'strings'; readonly value: readonly string[] }
  | { readonly kind: 'struct'; readonly name: string; readonly fields: Readonly<Record<string, Field>> }
  | { readonly kind: 'bytes'; readonly value: Uint8Array; readonly message?: Message }
  | { readonly kind: 'room'; readonly into: Uint8Array }
  | { readonly kind: 'result'; readonly of: Call };

/**
 * How a number is written for people: octal, a descriptor, a port (`htons`) or address (`in_addr`) in the network's
 * order, the type and mode of a `node`, a `dev`ice, or by the names of a group of constants: `MS` for a set of flags,
 * `RLIMIT=` for one value of several, `CAP#0` for a set of numbers whose lowest bit is number 0.
 */
export type Shown = 'octal' | 'fd' | 'node' | 'dev' | string;

/** One field of a struct: its width in bytes and what it holds. A pointer is 8 bytes wide. */
export interface Field {
  readonly bytes: 1 | 2 | 4 | 8;
  readonly value: Argument;
}

/** The errors that a program steps over: one by its name, or `any`, where the next call says what it came to. */
export type Tolerated = string;

/**
 * One system call as a value: its man-page name, and its arguments under their man-page names in man-page order.
 * Nothing happens until `perform` makes it here, or `clone` makes it in a new process.
 */
export interface Call {
  readonly name: SyscallName;
  readonly args: Readonly<Record<string, Argument>>;
  /** The one error that is fine, such as `EEXIST` for a mkdir; or `any`. */
  readonly tolerates?: Tolerated;
  /** The least result that is success; 0 unless given. */
  readonly least?: number;
  /** The one result that is success, where all others are failure. */
  readonly exactly?: number;
}

/** The same call, fine with one error: `tolerate(mkdir('/proc', 0o555), 'EEXIST')`. @throws {TypeError} for a name that is none. */
export function tolerate(call: Call, error: Tolerated): Call {
  if (error !== 'any' && ERRNO[error] === undefined) throw new TypeError(`there is no error called ${error}`);
  return { ...call, tolerates: error };
}

/** The same call, failing when its result is less than `least`: a `read` of nothing, say. */
export function atLeast(call: Call, least: number): Call {
  return { ...call, least };
}

/**
 * The same call, failing unless its result is just this one. Of clone, 0 is what the new process gets: so a graph tells
 * the two apart.
 *
 * @throws {TypeError} if the call tolerates an error, for a record has one place for both
 */
export function exactly(call: Call, result: number): Call {
  if (call.tolerates !== undefined)
    throw new TypeError(`${call.name} tolerates ${call.tolerates}, and can't be exact besides`);
  return { ...call, exactly: result };
}

/** Is this answer to a call a success, or an error that it tolerates? The trampoline decides by the same rule. */
export function wentWell({ least = 0, exactly, tolerates }: Call, result: number): boolean {
  if (exactly !== undefined) return result === exactly;
  if (result >= least || tolerates === 'any') return true;
  return tolerates !== undefined && result === -(ERRNO[tolerates] as number);
}

/** A descriptor: a number, or the call that will open it, earlier in the same program. */
export type Fd = number | Call;

/** Builds a call from arguments that are checked already. */
export function makeCall(name: SyscallName, args: Record<string, Argument>): Call {
  return { name, args };
}
