import { goFloat } from 'step-02';

const UNITS = ['b', 'k', 'm', 'g', 't', 'p'];

// #region a size
/**
 * Parses a size as docker's RAMInBytes does: `64m` is 64 MiB. First comes a number, which may have a fraction, then an
 * optional space and an optional unit. Only the unit's first letter counts (`m`, `mb` and `MiB` are the same); no unit
 * means bytes.
 *
 * @param flag - for the message, such as `--memory`
 * @returns bytes, rounded down
 * @throws {Error} that names the flag and the text, if it isn't a size
 */
export function ramInBytes(text: string, flag: string): number {
  // #region task 1: parse a size
  const [, number = '', unit = 'b'] = /^(.*?) ?(?:([kmgtp])(?:i?b)?|b)?$/i.exec(text) ?? [];
  const bytes = (goFloat(number) ?? -1) * 1024 ** UNITS.indexOf(unit.toLowerCase());
  if (bytes < 0 || bytes >= 2 ** 63) {
    throw new Error(`Expected ${flag} to be a size such as 64m or 1.5g, got ${JSON.stringify(text)}`);
  }
  return Math.trunc(bytes);
  // #endregion
}
// #endregion

const NAMES = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB', 'ZiB', 'YiB'];

/** Bytes for people to read, with four digits, as `docker stats` writes them: `64MiB`. */
export function bytesSize(bytes: number, space = ''): string {
  let unit = 0;
  let number = bytes;
  while (number >= 1024 && unit < NAMES.length - 1) {
    number /= 1024;
    unit += 1;
  }
  return `${fourDigits(number)}${space}${NAMES[unit]}`;
}

/** As C's %.4g. */
function fourDigits(number: number): string {
  const text = number.toPrecision(4);
  if (text.includes('e')) return text.replace(/\.?0*e([+-])(\d)$/, 'e$10$2');
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
