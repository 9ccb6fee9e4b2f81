/**
 * A struct of Go's: a field that it doesn't have is an error, and it is printed without names. All other objects are maps.
 *
 * @param type - what messages call it
 */
export class Struct {
  readonly #type: string;

  /** @param unset - fields that are left out as JSON, and when it is printed, unless `fields` has them */
  constructor(type: string, fields: Readonly<Record<string, unknown>>, unset: Readonly<Record<string, unknown>> = {}) {
    this.#type = type;
    for (const [name, value] of Object.entries(unset)) {
      if (!Object.hasOwn(fields, name)) Object.defineProperty(this, name, { value });
    }
    Object.assign(this, fields);
  }

  /** What a template's `json` makes of it. */
  asJson(): string {
    return JSON.stringify(this);
  }

  static typeOf(value: Struct): string {
    return value.#type;
  }
}

/** A list, or a map, that isn't there: it is printed as an empty one, and as JSON it is null. */
export const NO_LIST: readonly never[] = Object.freeze(absent([]));
export const NO_MAP: Readonly<Record<string, never>> = Object.freeze(absent({}));

function absent<T extends object>(value: T): T {
  return Object.defineProperty(value, 'toJSON', { value: () => null });
}

/** What there is no value for, as a key that a map doesn't have. */
export const NO_VALUE = undefined;

/** What isn't empty. */
export function truth(value: unknown): boolean {
  if (value instanceof Struct) return true;
  return typeof value === 'object' && value !== null ? pairsOf(value).length > 0 : Boolean(value);
}

/** What a list or a map consists of, a map by its keys' order. */
export function pairsOf(value: object): (readonly [string | number, unknown])[] {
  if (Array.isArray(value)) return value.map((one, at) => [at, one] as const);
  return Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
}

/** As Go's fmt prints it with %v: `[a b]`, `map[a:b]`, `{a b}`. */
export function printed(value: unknown): string {
  if (value === undefined || value === null) return '<nil>';
  if (typeof value === 'number') return number(value);
  if (typeof value === 'function') return printed(value());
  if (Array.isArray(value)) return `[${value.map(printed).join(' ')}]`;
  if (typeof value !== 'object') return String(value);
  if (value instanceof Struct) return `{${Object.values(value).map(printed).join(' ')}}`;
  const pairs = pairsOf(value).map(([key, one]) => `${key}:${printed(one)}`);
  return `map[${pairs.join(' ')}]`;
}

/** As %v prints a float: with an exponent from 1e+21 on. */
function number(value: number): string {
  return String(value).replace(/e([+-])(\d)$/, 'e$10$2');
}

/** What Go calls the type of a value. */
export function typeOf(value: unknown): string {
  if (value === undefined || value === null) return 'nil';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float64';
  if (typeof value === 'boolean') return 'bool';
  if (value instanceof Struct) return Struct.typeOf(value);
  if (Array.isArray(value)) return isStrings(value) ? '[]string' : '[]interface {}';
  return typeof value === 'object' ? 'map[string]interface {}' : typeof value;
}

function isStrings(value: readonly unknown[]): boolean {
  return value.length > 0 && value.every((one) => typeof one === 'string');
}
