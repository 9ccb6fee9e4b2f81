import { nameAndValue } from 'step-04';

/** A value of `--filter`, as it is. @throws {Error} in docker's words, if it isn't NAME=VALUE, or empty */
export function asFilter(text: string): string {
  if (text === '' || text.includes('=')) return text;
  throw new Error('bad format of filter (expected name=value)');
}

/** What `--filter` leaves, by name: of several values of one name one is enough, but for labels, which must all be there. */
export class Filters {
  readonly #values = new Map<string, string[]>();

  /**
   * @param given - as on the command line: `name=web`
   * @param known - the names that there are
   * @throws {Error} in docker's words, if one isn't NAME=VALUE, or its name isn't known
   */
  constructor(given: readonly string[], known: readonly string[]) {
    for (const text of given.filter((one) => one !== '')) {
      const at = asFilter(text).indexOf('=');
      const name = text.slice(0, at).trim().toLowerCase();
      if (!known.includes(name)) throw new Error(`invalid filter '${name}'`);
      this.#values.set(name, [...this.values(name), text.slice(at + 1).trim()]);
    }
  }

  get isEmpty(): boolean {
    return this.#values.size === 0;
  }

  values(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }

  /** Is one of a filter's values wanted? Also if there is none. */
  some(name: string, wanted: (value: string) => boolean): boolean {
    const values = this.values(name);
    return values.length === 0 || values.some(wanted);
  }

  /** Is one of a filter's values this text, or a regular expression that is found in it? */
  matches(name: string, text: string): boolean {
    return this.some(name, (value) => value === text || isFound(value, text));
  }

  /** `label=NAME` and `label=NAME=VALUE` must all be there, `label!=…` not. */
  matchesLabels(labels: Readonly<Record<string, string>>): boolean {
    const isThere = (text: string) => hasLabel(labels, text);
    return this.values('label').every(isThere) && !this.values('label!').some(isThere);
  }

  /** The value of a filter that is a switch. @throws {Error} if it is none */
  isSet(name: string, refusal = (value: string) => `invalid filter '${name}=[${value}]'`): boolean | undefined {
    const [value] = this.values(name);
    if (value === undefined) return undefined;
    if (!['1', 'true', '0', 'false'].includes(value.toLowerCase())) throw new Error(refusal(value));
    return value === '1' || value.toLowerCase() === 'true';
  }
}

function hasLabel(labels: Readonly<Record<string, string>>, text: string): boolean {
  const [name, value] = nameAndValue(text);
  return Object.hasOwn(labels, name) && (value === undefined || labels[name] === value);
}

function isFound(pattern: string, text: string): boolean {
  try {
    return new RegExp(pattern).test(text);
  } catch {
    return false;
  }
}
