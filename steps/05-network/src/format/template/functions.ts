import { sprintf } from './printf.ts';
import { NO_VALUE, pairsOf, printed, Struct, truth, typeOf } from './values.ts';

/** A function of a template. */
export interface TemplateFunction {
  /** What its arguments must be; the last goes for all that follow, if it is variadic. */
  readonly takes: readonly ('any' | 'string' | 'int' | '[]string')[];
  readonly variadic?: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: `takes` says what the values are
  readonly call: (...values: any[]) => unknown;
}

const text = (call: (value: string) => string): TemplateFunction => ({ takes: ['string'], call });
const compare = (call: (order: number) => boolean): TemplateFunction => ({
  takes: ['any', 'any'],
  call: (one, other) => call(order(one, other)),
});
/** One that takes a value for each entry of `takes` but the last, and any number more. */
const some = (call: (...values: readonly unknown[]) => unknown, takes: TemplateFunction['takes'] = ['any']) => ({
  takes,
  variadic: true,
  call,
});
const ONE_OR_MORE = ['any', 'any'] as const;

/**
 * Go's, and docker's. The executor has its own way with some: it stops at the first value that decides `and` and `or`, and it
 * refuses `call`, since no format has a function to call.
 */
export const FUNCTIONS: Readonly<Record<string, TemplateFunction>> = {
  eq: some(equals, ONE_OR_MORE),
  ne: { takes: ['any', 'any'], call: (one, other) => order(one, other, true) !== 0 },
  lt: compare((order) => order < 0),
  le: compare((order) => order <= 0),
  gt: compare((order) => order > 0),
  ge: compare((order) => order >= 0),
  not: { takes: ['any'], call: (value) => !truth(value) },
  and: some((...values) => values.at(-1), ONE_OR_MORE),
  or: some((...values) => values.at(-1), ONE_OR_MORE),
  len: { takes: ['any'], call: len },
  index: some((value, ...keys) => keys.reduce(indexed, value), ONE_OR_MORE),
  slice: some((value, ...bounds) => sliced(value, bounds), ONE_OR_MORE),
  call: some(() => undefined, ONE_OR_MORE),
  print: some((...values) => sprint(values)),
  println: some((...values) => `${values.map(printed).join(' ')}\n`),
  printf: some((format, ...values) => sprintf(format as string, ...values), ['string', 'any']),
  html: some((...values) => sprint(values).replace(/[&<>"']/g, (letter) => HTML[letter] ?? letter)),
  js: some((...values) => sprint(values).replace(/[\\'"<>&=\0-\x1f]/g, escapedForJs)),
  urlquery: some((...values) =>
    encodeURIComponent(sprint(values))
      .replaceAll('%20', '+')
      .replace(/[!'()*]/g, percent),
  ),
  json: { takes: ['any'], call: json },
  join: { takes: ['[]string', 'string'], call: join },
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

const HTML: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&#34;', "'": '&#39;' };

function escapedForJs(letter: string): string {
  if ('\\\'"'.includes(letter)) return `\\${letter}`;
  return `\\u${letter.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}

function percent(letter: string): string {
  return `%${letter.charCodeAt(0).toString(16).toUpperCase()}`;
}

function json(value: unknown): string {
  return value instanceof Struct ? value.asJson() : JSON.stringify(value ?? null);
}

function equals(value: unknown, ...others: readonly unknown[]): boolean {
  if (others.length === 0) throw new Error('missing argument for comparison');
  return others.map((other) => order(value, other, true) === 0).includes(true);
}

function sliced(value: unknown, bounds: readonly unknown[]): unknown {
  if (value === undefined || value === null) throw new Error('slice of untyped nil');
  if (typeof value !== 'string' && !Array.isArray(value)) throw new Error(`can't slice item of type ${typeOf(value)}`);
  if (bounds.length > 3) throw new Error(`too many slice indexes: ${bounds.length}`);
  if (typeof value === 'string' && bounds.length === 3) throw new Error('cannot slice string with 3 indexes');
  for (const bound of bounds) {
    if (typeof bound !== 'number') throw new Error(`cannot index slice/array with type ${typeOf(bound)}`);
    if (bound < 0 || bound > value.length) throw new Error(`index out of range: ${bound}`);
  }
  const [first = 0, last = value.length] = bounds as number[];
  if (first > last) throw new Error(`invalid slice index: ${first} > ${last}`);
  return value.slice(first, last);
}

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
    if (key < 0 || key > value.length) throw new Error(`index out of range: ${key}`);
    if (key === value.length)
      throw new Error(`reflect: ${typeof value === 'string' ? 'string' : 'slice'} index out of range`);
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
  return (value as readonly unknown[]).map(printed).join(separator);
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
