import { isDeepStrictEqual } from 'node:util';
import type { Argument, Call } from 'shared-native';
import * as native from 'shared-native';

/**
 * A student's code could write a call down by itself: with a number as text, with an argument left out, with a property
 * that no test thinks of. A call counts only as its constructor makes it, but for the errors and results that are fine.
 *
 * @param answer - what a student's code returned: plain values, not too many
 * @throws {TypeError} that names the call, and what is wrong with it
 */
export function assertCalls(answer: unknown, seen = new Set<unknown>()): void {
  if (typeof answer !== 'object' || answer === null || ArrayBuffer.isView(answer) || seen.has(answer)) return;
  seen.add(answer);
  const inside = answer instanceof Map || answer instanceof Set ? [...answer].flat() : Object.values(answer);
  for (const one of inside) assertCalls(one, seen);
  if (native.isCall(answer)) assertCall(answer);
}

function assertCall(call: Call): void {
  try {
    assertProperties(call);
    const made = asMade(call);
    if (!isDeepStrictEqual(Object.entries(made.args), Object.entries(call.args)))
      throw new TypeError(`its constructor makes ${native.asStrace(made)}`);
  } catch (error) {
    throw new TypeError(`${String(call.name)} is no call that can be made: ${(error as Error).message}`);
  }
}

function assertProperties({ name, args, tolerates, least, ...more }: Call): void {
  const [other] = Object.keys(more);
  if (other !== undefined) throw new TypeError(`no call has a property ${JSON.stringify(other)}`);
  if (tolerates !== undefined) native.tolerate({ name, args }, tolerates);
  if (least !== undefined && !Number.isSafeInteger(least)) throw new TypeError('its least result is no whole number');
  if (typeof args !== 'object' || args === null || !Object.values(args).every(isArgument))
    throw new TypeError('not all that it has are arguments');
}

/** The same call, made anew from its arguments. What stands in structs is left as it is. */
function asMade(call: Call): Call {
  const make = CONSTRUCTORS.get(call.name);
  if (!make) throw new TypeError('there is no such system call');
  const values = Object.values(call.args);
  if (OTHERWISE.has(call.name) || values.some(({ kind }) => kind === 'struct')) return call;
  const given = TAKES[call.name]?.map((name) => call.args[name] as Argument) ?? values;
  return make(...given.map(plain));
}

/** What a constructor is given, where it finds the rest out by itself. */
const TAKES: Readonly<Record<string, readonly string[]>> = {
  pwrite64: ['fd', 'buf', 'offset'],
  recvfrom: ['sockfd', 'buf', 'flags'],
  socketpair: ['type', 'sv'],
};

/** Their constructors, as those of calls with structs, take something else than their arguments. */
const OTHERWISE = new Set(['clone', 'connect', 'setgroups', 'sendto']);

/** By the name of its system call. */
const CONSTRUCTORS = new Map(
  Object.keys(native.SYSCALL_NUMBERS).flatMap((name) => {
    const camel = name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
    const make = (native as Record<string, unknown>)[camel];
    return typeof make === 'function' ? [[name, make as (...args: unknown[]) => Call]] : [];
  }),
);

function plain(argument: Argument): unknown {
  switch (argument.kind) {
    case 'null':
      return null;
    case 'room':
      return argument.into;
    case 'result':
      return argument.of;
    case 'struct':
      return argument.fields;
    default:
      return argument.value;
  }
}

/** Has an argument of its kind what it must have, and nothing else? */
function isArgument(argument: unknown): boolean {
  const { kind, ...rest } = Object(argument) as Record<string, unknown>;
  if (typeof kind !== 'string' || !Object.hasOwn(PARTS, kind)) return false;
  const parts = PARTS[kind as keyof typeof PARTS] as Readonly<Record<string, (value: unknown) => boolean>>;
  const names = Object.keys(rest).filter((name) => name !== MAY_HAVE[kind]);
  return names.length === Object.keys(parts).length && names.every((name) => parts[name]?.(rest[name]));
}

/** What else an argument of some kinds may have, by which it is told. */
const MAY_HAVE: Readonly<Record<string, string>> = { integer: 'shown', bytes: 'message' };

const PARTS = {
  integer: { value: (value: unknown) => typeof value === 'bigint' || Number.isSafeInteger(value) },
  null: {},
  string: { value: isText },
  strings: { value: (value: unknown) => Array.isArray(value) && value.every(isText) },
  struct: { name: isText, fields: (fields: unknown) => Object.values(Object(fields)).every(isField) },
  bytes: { value: isBytes },
  room: { into: isBytes },
  result: { of: native.isCall },
};

function isField(field: unknown): boolean {
  const { bytes, value, ...rest } = Object(field) as Record<string, unknown>;
  return [1, 2, 4, 8].includes(bytes as number) && isArgument(value) && Object.keys(rest).length === 0;
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function isBytes(value: unknown): boolean {
  return value instanceof Uint8Array;
}
