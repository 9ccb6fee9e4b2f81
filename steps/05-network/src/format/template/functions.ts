import { sprintf } from './printf.ts';
import { NO_VALUE, pairsOf, printed, Struct, truth, typeOf } from './values.ts';

/** A function of a template. */
export interface TemplateFunction {
  /** What its arguments must be; the last goes for all that follow, if it is variadic. */
  readonly takes: readonly ('any' | 'string' | 'int')[];
  readonly variadic?: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: `takes` says what the values are
  readonly call: (...values: any[]) => unknown;
}

const text = (call: (value: string) => string): TemplateFunction => ({ takes: ['string'], call });
const compare = (call: (order: number) => boolean): TemplateFunction => ({
  takes: ['any', 'any'],
  call: (one, other) => call(order(one, other)),
});
const some = (call: (...values: readonly unknown[]) => unknown, takes: TemplateFunction['takes'] = ['any']) => ({
  takes,
  variadic: true,
  call,
});

/** Those of Go's that are of use in a format, and docker's. `and` and `or` are the executor's, which stops at the first that decides. */
export const FUNCTIONS: Readonly<Record<string, TemplateFunction>> = {
  eq: some((value, ...others) => others.map((other) => order(value, other, true) === 0).includes(true), ['any', 'any']),
  ne: { takes: ['any', 'any'], call: (one, other) => order(one, other, true) !== 0 },
  lt: compare((order) => order < 0),
  le: compare((order) => order <= 0),
  gt: compare((order) => order > 0),
  ge: compare((order) => order >= 0),
  not: { takes: ['any'], call: (value) => !truth(value) },
  and: some((...values) => values.at(-1)),
  or: some((...values) => values.at(-1)),
  len: { takes: ['any'], call: len },
  index: some((value, ...keys) => keys.reduce(indexed, value)),
  slice: some((value, ...bounds) => (value as string | unknown[]).slice(...(bounds as number[]))),
  print: some((...values) => sprint(values)),
  println: some((...values) => `${values.map(printed).join(' ')}\n`),
  printf: some((format, ...values) => sprintf(format as string, ...values), ['string', 'any']),
  html: some((...values) => sprint(values).replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`)),
  urlquery: some((...values) => encodeURIComponent(sprint(values)).replaceAll('%20', '+')),
  json: { takes: ['any'], call: (value) => JSON.stringify(value ?? null) },
  join: { takes: ['any', 'string'], call: join },
  split: { takes: ['string', 'string'], call: (value: string, separator: string) => value.split(separator) },
  upper: text((value) => value.toUpperCase()),
  lower: text((value) => value.toLowerCase()),
  title: text((value) => value.replace(/(?<![\p{L}\d_'])\p{L}/gu, (letter) => letter.toUpperCase())),
  truncate: { takes: ['string', 'int'], call: (value: string, length: number) => value.slice(0, length) },
  pad: {
    takes: ['string', 'int', 'int'],
    call: (value, before, after) => (value === '' ? '' : ' '.repeat(before) + value + ' '.repeat(after)),
  },
};

/** The same for a table's headings, which stay as they are: but for `pad`, which is there for the width. */
export const HEADING_FUNCTIONS: Readonly<Record<string, TemplateFunction>> = {
  ...FUNCTIONS,
  ...Object.fromEntries(
    ['json', 'join', 'split', 'upper', 'lower', 'title', 'truncate'].map((name) => [
      name,
      { takes: FUNCTIONS[name]?.takes ?? [], call: (value: unknown) => value },
    ]),
  ),
};

/** As Go's fmt.Sprint: between two that are no strings stands a space. */
function sprint(values: readonly unknown[]): string {
  return values.reduce<string>((all, value, at) => {
    const space = at > 0 && typeof value !== 'string' && typeof values[at - 1] !== 'string' ? ' ' : '';
    return all + space + printed(value);
  }, '');
}

function len(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'object' && value !== null && !(value instanceof Struct)) return pairsOf(value).length;
  throw new Error(`len of ${value === null ? 'nil pointer' : `type ${typeOf(value)}`}`);
}

function indexed(value: unknown, key: unknown): unknown {
  if (value === undefined || value === null) throw new Error('index of untyped nil');
  if (Array.isArray(value) || typeof value === 'string') {
    if (typeof key !== 'number') throw new Error(`cannot index slice/array with type ${typeOf(key)}`);
    if (key < 0 || key >= value.length) throw new Error(`index out of range: ${key}`);
    return typeof value === 'string' ? value.charCodeAt(key) : value[key];
  }
  if (typeof value !== 'object' || value instanceof Struct)
    throw new Error(`can't index item of type ${typeOf(value)}`);
  if (typeof key !== 'string') throw new Error(`value has type ${typeOf(key)}; should be string`);
  if (Object.hasOwn(value, key)) return (value as Record<string, unknown>)[key];
  return Object.values(value).every((one) => typeof one === 'string') ? '' : NO_VALUE; // a Go map's zero
}

function join(value: unknown, separator: string): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'object' || value instanceof Struct) throw new Error(`expected slice, got ${typeOf(value)}`);
  const words = pairsOf(value).map(([, one]) => printed(one));
  return (Array.isArray(value) ? words : words.sort()).join(separator);
}

/** Negative, 0 or positive, as one is less than, equal to, or greater than the other. */
function order(one: unknown, other: unknown, equality = false): number {
  const [type, others] = [kindOf(one), kindOf(other)];
  if (equality && (type === 'nil' || others === 'nil')) return type === others ? 0 : 1;
  if (type === 'other' || others === 'other') throw new Error('invalid type for comparison');
  if (type !== others) throw new Error('incompatible types for comparison');
  if (!equality && type === 'bool') throw new Error('invalid type for comparison');
  return one === other ? 0 : (one as never) < (other as never) ? -1 : 1;
}

function kindOf(value: unknown): string {
  const type = typeOf(value);
  return ['nil', 'int', 'float64', 'bool', 'string'].includes(type) ? type : 'other';
}
