import type { Argument, Call, Field } from './call.ts';
import { fieldEnd, sizeOf } from './calls/arguments.ts';
import { type Graph, isList, type Struct, straight, type Walk, walkOf } from './graph.ts';
import { ERRNO } from './kernel/errno.ts';
import { type Spelling, spelling } from './kernel/spelling.ts';
import { type Machine, syscallNumber, thisMachine } from './kernel/syscall-numbers.ts';
import { Image } from './machine/image.ts';
import { NEVER, NOT_MADE, RECORD, RECORD_BYTES } from './record.ts';

export { MAX_PROGRAM_BYTES } from './machine/image.ts';
export { NOT_MADE, RECORD, RECORD_BYTES } from './record.ts';

const RESULT_BYTES = 8;

/** The status of a process whose program failed. */
const FAILED = 127;

/** A program as it will lie in memory, but not yet at any address: it can be looked at, stored and compared. */
export interface Program {
  readonly machine: Machine;
  readonly calls: readonly Call[];
  /** Is it a graph, or a list, in which each call is followed by the next? */
  readonly isGraph: boolean;
  /** Where in the image the record of each call lies. */
  readonly records: readonly number[];
  /** The records, then what they point to, as if loaded at address 0. */
  readonly image: Uint8Array;
  /** Where in the image pointers stand: loading adds the address of the memory to each. */
  readonly pointers: readonly number[];
  /** Where the kernel will write, and for whom. */
  readonly rooms: readonly { readonly offset: number; readonly into: Uint8Array }[];
  /** Where in the image what is never come to again begins, up to its end: at a whole page. Absent if there is nothing of the kind. */
  readonly passingFrom?: number;
}

/**
 * Lays a program out in memory: a list of calls, each followed by the next, and by the end of the process if it fails;
 * or a graph.
 *
 * @param spelled - the calls as the machine's kernel spells them, where the caller has them already
 * @throws {RangeError} if it takes more than MAX_PROGRAM_BYTES.
 * @throws {TypeError} if an argument is the result of a call that doesn't come earlier in the list; for a graph, as
 *   `walkOf` does.
 */
export function layOut(
  program: readonly Call[] | Graph,
  machine: Machine = thisMachine(),
  spelled?: readonly Spelling[],
): Program {
  const walk = isList(program) ? straight(program) : walkOf(program);
  return layOutWalk(walk, machine, spelled ?? walk.calls.map((call) => spelling(call, machine)));
}

function layOutWalk(walk: Walk, machine: Machine, spelled: readonly Spelling[]): Program {
  const { calls } = walk;
  const numbers = [...calls.keys()];
  const lasting = numbers.filter((nth) => !walk.isPassing(nth));
  const passing = numbers.filter(walk.isPassing);
  const [places, end] = placesOf(walk, lasting);
  const image = new Image(end + RECORD_BYTES);
  const nothing = image.room(8);
  const lay = (some: readonly number[]) => layOutCalls(image, walk, some, { places, spelled, nothing });
  lay(lasting);
  let passingFrom: number | undefined;
  if (passing.length > 0) {
    passingFrom = image.page();
    const [more, after] = placesOf(walk, passing, passingFrom);
    image.room(after - passingFrom);
    for (const nth of passing) places[nth] = more[nth] as number;
    lay(passing);
  }
  const to = (nth: number) => places[nth] ?? end;
  for (const nth of numbers) {
    image.pointer(to(nth) + RECORD.next, to(walk.next(nth)));
    image.pointer(to(nth) + RECORD.other, to(walk.other(nth)));
  }
  layOutEnd(image, end, nothing, machine);
  const records = [...numbers.map(to), end];
  const { pointers, rooms } = image;
  return {
    machine,
    calls,
    isGraph: walk.isGraph,
    records,
    image: image.bytes(),
    pointers,
    rooms,
    ...(passingFrom !== undefined && { passingFrom }),
  };
}

/** What calls are laid out by. */
interface Laying {
  /** Where the record of each call lies, by the call's number; those of calls that pass come last. */
  readonly places: readonly number[];
  readonly spelled: readonly Spelling[];
  /** Where 8 bytes are 0. */
  readonly nothing: number;
}

/** Fills the records of some calls, but for where they lead, and puts what they point to behind them. */
function layOutCalls(image: Image, walk: Walk, some: readonly number[], { places, spelled, nothing }: Laying): void {
  const { calls } = walk;
  const results = new Map<Call, number>(walk.isGraph ? placed(calls, places) : []);
  for (const [head, of] of walk.heads) {
    const result = results.get(of);
    if (result !== undefined) image.once(head, () => layOutHead(image, head, result));
  }
  for (const nth of some) {
    const call = calls[nth] as Call;
    const record = places[nth] as number;
    const { number, args } = spelled[nth] as Spelling;
    for (let which = 0; which < 6; which++) {
      const argument = args[which];
      const at = argument && !isZero(argument) ? cell(image, argument, results, call, walk.isGraph) : nothing;
      image.pointer(record + RECORD.arguments + which * 8, at);
    }
    image.integer(record + RECORD.result, NOT_MADE);
    image.integer(record + RECORD.number, number);
    image.integer(record + RECORD.least, leastOf(call));
    image.integer(record + RECORD.tolerated, fineOf(call));
    results.set(call, record + RECORD.result);
  }
}

/** The calls that have a place, with it. */
function placed(calls: readonly Call[], places: readonly number[]): [Call, number][] {
  return calls.flatMap((call, nth) => (places[nth] === undefined ? [] : [[call, places[nth]]]));
}

/** Where the records of some calls lie, by the calls' numbers, each after what lies before it; and what comes after them. */
function placesOf({ calls, heads }: Walk, some: readonly number[], from = 0): [number[], number] {
  const before = new Map<Call, number>();
  for (const [head, of] of heads) before.set(of, Math.max(before.get(of) ?? 0, sizeOf(head.fields) - RESULT_BYTES));
  const places: number[] = [];
  let at = from;
  for (const nth of some) {
    if (before.size > 0) at += before.get(calls[nth] as Call) ?? 0;
    places[nth] = at;
    at += RECORD_BYTES;
  }
  return [places, at];
}

/** A struct whose last field is a call's result lies before that call's record, whose first field that is. */
function layOutHead(image: Image, { fields }: Struct, result: number): number {
  const at = result + RESULT_BYTES - sizeOf(fields);
  layOutFields(image, at, Object.values(fields).slice(0, -1));
  return at;
}

/** exit_group(127). Where a filter forbids even that, the next record would lie at address 0, and the process dies of that. */
function layOutEnd(image: Image, record: number, nothing: number, machine: Machine): void {
  const status = image.room(8);
  image.integer(status, FAILED);
  image.integer(record + RECORD.number, syscallNumber('exit_group', machine) as number);
  for (let nth = 0; nth < 6; nth++) image.pointer(record + RECORD.arguments + nth * 8, nth === 0 ? status : nothing);
}

function leastOf({ tolerates, least = 0, exactly }: Call): number {
  if (exactly !== undefined) return NEVER;
  return tolerates === 'any' ? -4095 : least;
}

// Where none is, a number that no call answers: with 0, a read of nothing would pass for the error that is fine.
function fineOf({ tolerates, exactly }: Call): number {
  const errno = tolerates === undefined ? undefined : ERRNO[tolerates];
  return exactly ?? (errno === undefined ? NOT_MADE : -errno);
}

/** Is this an argument that needs no cell of its own: a null pointer, the number 0? */
function isZero(argument: Argument): boolean {
  return argument.kind === 'null' || (argument.kind === 'integer' && argument.value === 0);
}

/** Where the 8 bytes of an argument stand: in a cell, which equal numbers of a graph share since each page counts there, or where the call that it waits for leaves its result. */
function cell(image: Image, argument: Argument, places: Map<Call, number>, call: Call, inGraph: boolean): number {
  if (argument.kind === 'result') {
    const place = places.get(argument.of);
    if (place !== undefined) return place;
    throw new TypeError(
      `${call.name} takes the result of ${argument.of.name}, which must stand earlier in the same program`,
    );
  }
  const put = () => {
    const at = image.room(8);
    write(image, at, argument);
    return at;
  };
  return inGraph && argument.kind === 'integer' ? image.once(argument.value, put) : put();
}

function write(image: Image, at: number, argument: Argument, width: Field['bytes'] = 8): void {
  if (argument.kind === 'result') {
    throw new TypeError(
      `the result of ${argument.of.name} can be an argument, or the last field of a struct in a graph, but not this field of a struct`,
    );
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
      return image.once(argument, () => struct(image, argument));
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

function struct(image: Image, { fields }: Struct): number {
  const at = image.room(sizeOf(fields));
  layOutFields(image, at, Object.values(fields));
  return at;
}

function layOutFields(image: Image, at: number, fields: readonly Field[]): void {
  let offset = 0;
  for (const field of fields) {
    offset = fieldEnd(offset, field);
    write(image, at + offset - field.bytes, field.value, field.bytes);
  }
}
