import type { Argument, Call, Field } from '../call.ts';
import { ModelError } from './errors.ts';
import { parameters } from './parameters.ts';

/**
 * The arguments of a call as the kernel would see them. A call is a value that anyone can write by hand, so each one is
 * checked when it is read: what the kernel could not have been given is a ModelError.
 */
export class Arguments {
  readonly #call: Call;
  readonly #results: ReadonlyMap<Call, number>;
  /** What the kernel wrote to rooms, by the argument's name. */
  readonly filled: Record<string, Uint8Array> = {};

  /** @throws {ModelError} if the call is malformed. */
  constructor(call: Call, results: ReadonlyMap<Call, number>) {
    this.#call = call;
    this.#results = results;
    const given = Object.keys(call.args);
    const wanted = (parameters(call.name) ?? []).filter(({ name, optional }) => !optional || this.has(name));
    if (given.join() !== wanted.map(({ name }) => name).join()) {
      const names = wanted.map(({ name }) => name).join(', ');
      throw new ModelError(`${call.name} takes (${names}) in this order, got (${given.join(', ')})`);
    }
    for (const { name, kinds } of wanted) {
      const { kind } = this.of(name);
      if (!kinds.includes(kind)) this.#wrong(name, `must be of the kind ${kinds.join(' or ')}, not ${kind}`);
    }
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#call.args, name);
  }

  isNull(name: string): boolean {
    const argument = this.of(name);
    return argument.kind === 'null' || (argument.kind === 'integer' && BigInt(argument.value) === 0n);
  }

  /** The argument itself, its kind checked. */
  of(name: string): Argument {
    const argument: unknown = this.has(name) ? this.#call.args[name] : undefined;
    if (argument === undefined) return this.#wrong(name, 'is missing');
    return check(argument, (what) => this.#wrong(name, what));
  }

  /** A whole register of 64 bits, without a sign. */
  big(name: string): bigint {
    const argument = this.of(name);
    if (argument.kind === 'null') return 0n;
    if (argument.kind === 'result') return BigInt.asUintN(64, BigInt(this.#result(name, argument.of)));
    if (argument.kind === 'integer') return BigInt.asUintN(64, BigInt(argument.value));
    return this.#wrong(name, `must be a number, not a ${argument.kind}`);
  }

  /** A C `int`: the lower 32 bits, with a sign. */
  int(name: string): number {
    return Number(BigInt.asIntN(32, this.big(name)));
  }

  /** A C `unsigned int`: the lower 32 bits. */
  uint(name: string): number {
    return Number(BigInt.asUintN(32, this.big(name)));
  }

  text(name: string): string {
    const argument = this.of(name);
    return argument.kind === 'string'
      ? argument.value
      : this.#wrong(name, `must be a string, not ${argument.kind === 'null' ? 'null' : `a ${argument.kind}`}`);
  }

  textOrNull(name: string): string | null {
    return this.isNull(name) ? null : this.text(name);
  }

  strings(name: string): readonly string[] {
    const argument = this.of(name);
    return argument.kind === 'strings' ? argument.value : this.#wrong(name, 'must be a list of strings');
  }

  /** Bytes that the kernel reads: of `bytes`, of what stands in a `room`, or of a string. */
  bytes(name: string): Uint8Array {
    const argument = this.of(name);
    if (argument.kind === 'bytes') return argument.value;
    if (argument.kind === 'room') return argument.into;
    if (argument.kind === 'string') return new TextEncoder().encode(`${argument.value}\0`);
    return this.#wrong(name, 'must be bytes');
  }

  /** Room that the kernel fills: a copy, since the call is made again by others. `filled` has it. */
  room(name: string): Uint8Array {
    const argument = this.of(name);
    if (argument.kind !== 'room') return this.#wrong(name, 'must be room for bytes');
    const room = Uint8Array.from(argument.into);
    this.filled[name] = room;
    return room;
  }

  /** The fields of a struct, by name: numbers without a sign. With `fields`, it must have just these. */
  struct<Name extends string>(name: string, fields?: readonly Name[]): Readonly<Record<Name, bigint>> {
    const argument = this.of(name);
    if (argument.kind !== 'struct') return this.#wrong(name, 'must be a struct');
    const given = Object.entries(argument.fields);
    if (fields && given.map(([field]) => field).join() !== fields.join()) {
      this.#wrong(name, `must have the fields ${fields.join(', ')}`);
    }
    return Object.fromEntries(given.map(([field, value]) => [field, this.#field(`${name}.${field}`, value)])) as Record<
      Name,
      bigint
    >;
  }

  /** A number in a struct, which an earlier call may have given. */
  field(name: string, field: Field | undefined): bigint {
    if (!isField(field)) return this.#wrong(name, 'is missing');
    return this.#field(name, field as Field);
  }

  #field(name: string, { bytes, value }: Field): bigint {
    const checked = check(value, (what) => this.#wrong(name, what));
    if (checked.kind === 'null') return 0n;
    if (checked.kind === 'result') return BigInt.asUintN(bytes * 8, BigInt(this.#result(name, checked.of)));
    if (checked.kind !== 'integer') return this.#wrong(name, `must be a number, not a ${checked.kind}`);
    return BigInt.asUintN(bytes * 8, BigInt(checked.value));
  }

  #result(name: string, of: Call): number {
    const result = this.#results.get(of);
    if (result !== undefined) return result;
    return this.#wrong(name, `is the result of ${of.name}, which must stand earlier in the same program`);
  }

  #wrong(name: string, what: string): never {
    throw new ModelError(`${this.#call.name}: ${name} ${what}`);
  }
}

const isText = (value: unknown): value is string => typeof value === 'string' && !value.includes('\0');

/** What every kind of argument holds. */
const HOLDS: Readonly<Record<string, (argument: Readonly<Record<string, unknown>>) => string | undefined>> = {
  integer: ({ value }) => {
    const whole = typeof value === 'bigint' || (typeof value === 'number' && Number.isSafeInteger(value));
    if (!whole) return `must be a whole number, got ${show(value)}`;
    const fits = BigInt(value) >= -(2n ** 63n) && BigInt(value) < 2n ** 64n;
    return fits ? undefined : `must fit in 64 bits, got ${value}`;
  },
  null: () => undefined,
  string: ({ value }) => (isText(value) ? undefined : `must be a string without a NUL byte, got ${show(value)}`),
  strings: ({ value }) =>
    Array.isArray(value) && value.every(isText) ? undefined : `must be strings without NUL bytes, got ${show(value)}`,
  struct: ({ fields }) =>
    typeof fields === 'object' && fields !== null && Object.values(fields).every(isField)
      ? undefined
      : 'must be a struct with fields of 1, 2, 4 or 8 bytes',
  bytes: ({ value }) => (value instanceof Uint8Array ? undefined : `must be bytes, got ${show(value)}`),
  room: ({ into }) => (into instanceof Uint8Array ? undefined : `must be room for bytes, got ${show(into)}`),
  result: ({ of }) => (typeof of === 'object' && of !== null ? undefined : `must be an earlier call, got ${show(of)}`),
};

function check(argument: unknown, wrong: (what: string) => never): Argument {
  const kind = typeof argument === 'object' && argument !== null ? (argument as { kind?: unknown }).kind : undefined;
  const holds = typeof kind === 'string' && Object.hasOwn(HOLDS, kind) ? HOLDS[kind] : undefined;
  if (!holds) return wrong(`is no argument of a call: ${show(argument)}`);
  const what = holds(argument as Record<string, unknown>);
  return what === undefined ? (argument as Argument) : wrong(what);
}

function isField(field: unknown): boolean {
  return typeof field === 'object' && field !== null && [1, 2, 4, 8].includes((field as Field).bytes);
}

function show(value: unknown): string {
  try {
    return (JSON.stringify(value) ?? String(value)).slice(0, 80);
  } catch {
    return String(value);
  }
}
