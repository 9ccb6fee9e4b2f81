/** Reads a value of JSON. @throws {Error} that names the place, what was expected there, and what is */
export type Reader<T> = (value: unknown, at: string) => T;

/** What a reader reads. */
export type Read<R> = R extends Reader<infer T> ? T : never;

type Readers = Readonly<Record<string, Reader<unknown>>>;
type Has<R extends Readers> = { readonly [K in keyof R]: Read<R[K]> };
type MayHave<R extends Readers> = { readonly [K in keyof R]?: Read<R[K]> };

/**
 * A JSON document. A number that JavaScript's would round, such as RLIM_INFINITY, is a bigint.
 *
 * @throws {SyntaxError} if it is none
 */
export function parseJson(text: string): unknown {
  const exact = (_: string, value: unknown, context?: { readonly source?: string }) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? '')
      ? BigInt(context?.source ?? 0)
      : value;
  return JSON.parse(text, exact as (key: string, value: unknown) => unknown);
}

export const text: Reader<string> = (value, at) => (typeof value === 'string' ? value : wrong(at, 'a string', value));

export const yesOrNo: Reader<boolean> = (value, at) =>
  typeof value === 'boolean' ? value : wrong(at, 'true or false', value);

/** A whole number that JavaScript holds exactly. */
function whole(least: number, most: number): Reader<number> {
  return (value, at) =>
    typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most
      ? value
      : wrong(at, `a whole number from ${least} to ${most}`, value);
}

export const uint16 = whole(0, 2 ** 16 - 1);
export const uint32 = whole(0, 2 ** 32 - 1);
export const int32 = whole(-(2 ** 31), 2 ** 31 - 1);

function long(least: bigint, most: bigint): Reader<number | bigint> {
  return (value, at) => {
    const isWhole = typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value));
    if (isWhole && BigInt(value as number) >= least && BigInt(value as number) <= most) return value as number | bigint;
    return wrong(at, `a whole number from ${least} to ${most}`, value);
  };
}

export const uint64 = long(0n, 2n ** 64n - 1n);
export const int64 = long(-(2n ** 63n), 2n ** 63n - 1n);

/** A text of a certain form. @param what - the form, in words */
export function textLike(pattern: RegExp, what: string): Reader<string> {
  return (value, at) => (pattern.test(text(value, at)) ? (value as string) : wrong(at, what, value));
}

export function oneOf<const T extends string>(...values: readonly T[]): Reader<T> {
  return (value, at) => (values.includes(value as T) ? (value as T) : wrong(at, `one of ${values.join(', ')}`, value));
}

export function listOf<T>(of: Reader<T>): Reader<readonly T[]> {
  return (value, at) =>
    Array.isArray(value) ? value.map((one, nth) => of(one, `${at}[${nth}]`)) : wrong(at, 'a list', value);
}

export function mapOf<T>(of: Reader<T>): Reader<Readonly<Record<string, T>>> {
  return (value, at) =>
    Object.fromEntries(Object.entries(record(value, at)).map(([name, one]) => [name, of(one, `${at}.${name}`)]));
}

/** An object with what it must have, and what it may have. What it has besides is left out, as the specification says. */
export function object<R extends Readers, O extends Readers>(must: R, may: O): Reader<Has<R> & MayHave<O>> {
  return (value, at) => {
    const given = record(value, at);
    const below = (name: string) => (at === '' ? name : `${at}.${name}`);
    const has = Object.entries(must).map(([name, of]) => [name, of(given[name], below(name))]);
    const more = Object.entries(may)
      .filter(([name]) => given[name] !== undefined && given[name] !== null) // Go writes null for what isn't there
      .map(([name, of]) => [name, of(given[name], below(name))]);
    return Object.fromEntries([...has, ...more]);
  };
}

function record(value: unknown, at: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  return wrong(at, 'an object', value);
}

function wrong(at: string, expected: string, got: unknown): never {
  const shown = typeof got === 'bigint' ? String(got) : (JSON.stringify(got) ?? 'nothing');
  throw new Error(`${at || 'the document'} is to be ${expected}, and is ${shown}`);
}
