import { goInteger, withoutUnderscores } from 'step-02';

/** Microseconds in which a container may use its quota of CPU time: the kernel's default, and docker's. */
export const PERIOD = 100_000;

// #region a number of CPUs
/**
 * Parses a number of CPUs, and returns it in billionths. `0.5`, `1e-2` and `1/2` are exact, as in docker's ParseCPUs,
 * which reads a rational number, not a floating-point one.
 *
 * @throws {Error} if it isn't a number, or not a whole number of billionths
 */
export function parseCpus(text: string): number {
  const [dividend, divisor] = rational(text) ?? [0n, 0n];
  if (divisor === 0n) throw new Error(`Expected --cpus to be a number such as 0.5, got ${JSON.stringify(text)}`);
  if ((dividend * 10n ** 9n) % divisor !== 0n) {
    throw new Error(`Expected --cpus to have at most nine digits after the point, got ${JSON.stringify(text)}`);
  }
  return Number((dividend * 10n ** 9n) / divisor);
}
// #endregion

// #region half a CPU
/** Converts a number of CPUs, in billionths, to microseconds of CPU time in each PERIOD. */
export function quota(nanoCpus: number): number {
  // #region task 2: half a CPU
  return Math.floor((nanoCpus * PERIOD) / 1e9);
  // #endregion
}
// #endregion

function rational(text: string): [bigint, bigint] | undefined {
  const fraction = /^([+-]?[^/+-]+)\/([^/+-]+)$/.exec(text);
  if (fraction) {
    const [dividend, divisor] = [goInteger(fraction[1] ?? ''), goInteger(fraction[2] ?? '')];
    return dividend === undefined || divisor === undefined ? undefined : [dividend, divisor];
  }
  const [match, sign, whole = '', part = '', exponent = '0'] =
    /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d{1,4}))?$/i.exec(withoutUnderscores(text)) ?? [];
  if (match === undefined || whole + part === '') return undefined;
  const digits = BigInt(`${sign === '-' ? '-' : ''}${whole}${part}`);
  const power = Number(exponent) - part.length;
  return power < 0 ? [digits, 10n ** BigInt(-power)] : [digits * 10n ** BigInt(power), 1n];
}
