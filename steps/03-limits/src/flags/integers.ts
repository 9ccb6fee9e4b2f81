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

const DIGITS = /^(?:0b(?:_?[01])+|0o?(?:_?[0-7])+|0x(?:_?[\da-f])+|[1-9](?:_?\d)*|0)$/i;

/** The number that Go reads, or undefined where it reads none. */
export function goInteger(text: string): bigint | undefined {
  const [, sign = '', digits = ''] = /^([+-]?)(.*)$/s.exec(text) ?? [];
  if (!DIGITS.test(digits)) return undefined;
  const plain = digits.replaceAll('_', '').toLowerCase();
  const value = BigInt(/^0\d/.test(plain) ? `0o${plain.slice(1)}` : plain);
  return sign === '-' ? -value : value;
}
