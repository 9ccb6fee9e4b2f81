/**
 * A whole number as docker's flags take it, which is Go's strconv.ParseInt with base 0: `0x10`, `0b11`, `0o17` and
 * `017` are fine, and so is `1_000`.
 *
 * @param what - the flag and what it is to be, for the message: "--cpu-shares to be a number"
 * @throws {Error} if it isn't one, or is not from `least` to `most`
 */
export function integer(text: string, what: string, least = -(2n ** 63n), most = 2n ** 63n - 1n): number {
  const value = goInteger(text);
  if (value === undefined || value < least || value > most) {
    throw new Error(`Expected ${what}, got ${JSON.stringify(text)}`);
  }
  return Number(value);
}

/** The same, where docker takes no sign, as Go's strconv.ParseUint: `+500` is refused. */
export function natural(text: string, what: string, most: bigint): number {
  if (text.startsWith('+')) throw new Error(`Expected ${what}, without a sign, got ${JSON.stringify(text)}`);
  return integer(text, what, 0n, most);
}

const DIGITS = /^(?:0b(?:_?[01])+|0o?(?:_?[0-7])+|0x(?:_?[\da-f])+|[1-9](?:_?\d)*|0)$/i;

/** The number that Go reads, or undefined where it reads none. */
export function goInteger(text: string): bigint | undefined {
  const [, sign = '', digits = ''] = /^([+-]?)(.*)$/s.exec(text) ?? [];
  if (!DIGITS.test(digits)) return undefined;
  const plain = digits.replaceAll('_', '').toLowerCase();
  const value = BigInt(/^0\d/.test(plain) ? `0o${plain.slice(1)}` : plain);
  return sign === '-' ? -value : value;
}

/**
 * A number that may have a fraction, as Go's strconv.ParseFloat reads it: `1.5`, `.5`, `1e3`, `10_000`, `0x1p10`.
 *
 * @returns undefined where it reads none, or one without end
 */
export function goFloat(text: string): number | undefined {
  const plain = withoutUnderscores(text);
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain)) return Number(plain);
  const [hexadecimal, sign, whole = '', part = '', exponent] =
    /^([+-]?)0x([\da-f]*)\.?([\da-f]*)p([+-]?\d+)$/i.exec(plain) ?? [];
  if (hexadecimal === undefined || whole + part === '') return undefined;
  const value = Number(BigInt(`0x${whole}${part}`)) * 2 ** (Number(exponent) - 4 * part.length);
  return sign === '-' ? -value : value;
}

/** Without the `_` between digits; where one stands anywhere else, with it. */
export function withoutUnderscores(text: string): string {
  const between = /^[+-]?0x/i.test(text) ? /(?<=[\da-fx])_(?=[\da-f])/gi : /(?<=\d)_(?=\d)/g;
  return text.replace(between, '');
}
