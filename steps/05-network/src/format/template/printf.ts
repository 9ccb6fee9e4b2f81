import { printed, typeOf } from './values.ts';

/**
 * Go's fmt.Sprintf, as far as templates use it: %s %v %d %q %t %x %f %g %c, with flags, width and precision.
 *
 * @see {@link https://pkg.go.dev/fmt#hdr-Printing | fmt}
 */
export function sprintf(format: string, ...values: readonly unknown[]): string {
  let next = 0;
  const text = format.replace(/%([-+# 0]*)(\d+|\*)?(?:\.(\d+)?)?(.)?/gsu, (all, flags, width, precision, verb) => {
    if (verb === '%') return '%';
    if (verb === undefined) return '%!(NOVERB)';
    const wide = width === '*' ? Number(values[next++]) : Number(width ?? 0);
    if (next >= values.length) return `%!${verb}(MISSING)`;
    const digits = precision === undefined ? (all.includes('.') ? 0 : undefined) : Number(precision);
    return padded(written(verb, values[next++], flags, digits), flags, wide, verb);
  });
  const extra = values.slice(next).map((value) => `${typeOf(value)}=${printed(value)}`);
  return extra.length > 0 ? `${text}%!(EXTRA ${extra.join(', ')})` : text;
}

function written(verb: string, value: unknown, flags: string, precision: number | undefined): string {
  const sign = typeof value === 'number' && flags.includes('+') && value >= 0 ? '+' : '';
  const isInteger = typeof value === 'number' && Number.isInteger(value);
  if (verb === 'v') return sign + printed(value);
  if (verb === 'T') return typeOf(value);
  if (verb === 't' && typeof value === 'boolean') return String(value);
  if ((verb === 's' || verb === 'q') && typeof value !== 'number' && typeof value !== 'boolean') {
    const text = printed(value).slice(0, precision);
    return verb === 's' ? text : JSON.stringify(text);
  }
  if (verb === 'd' && isInteger) return sign + String(value);
  if ('xXob'.includes(verb) && isInteger) return cased(value.toString({ x: 16, o: 8, b: 2 }[verb.toLowerCase()]), verb);
  if ('xX'.includes(verb) && typeof value === 'string') return cased(Buffer.from(value).toString('hex'), verb);
  if (verb === 'U' && isInteger) return `U+${value.toString(16).toUpperCase().padStart(4, '0')}`;
  if (verb === 'c' && isInteger) return String.fromCodePoint(value);
  if ('fF'.includes(verb) && typeof value === 'number') return sign + value.toFixed(precision ?? 6);
  if (verb === 'e' && typeof value === 'number')
    return value.toExponential(precision ?? 6).replace(/([+-])(\d)$/, '$10$2');
  if (verb === 'g' && typeof value === 'number')
    return printed(precision === undefined ? value : Number(value.toPrecision(precision)));
  return `%!${verb}(${typeOf(value)}=${printed(value)})`;
}

function cased(text: string, verb: string): string {
  return verb === 'X' ? text.toUpperCase() : text;
}

function padded(text: string, flags: string, width: number, verb: string): string {
  if (flags.includes('-')) return text.padEnd(width);
  return flags.includes('0') && 'dxXfFeg'.includes(verb) ? text.padStart(width, '0') : text.padStart(width);
}
