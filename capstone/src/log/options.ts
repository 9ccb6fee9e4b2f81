import type { Logging } from '../containers/record.ts';

/** How a log is written. */
export interface LogOptions {
  /** Bytes from which on a file is full; without it, there is one that grows. */
  readonly maxSize?: number;
  /** How many files there are at the most. */
  readonly maxFile: number;
  /** Bytes that are read at once. */
  readonly bufferBytes: number;
}

/** What each driver does unless told otherwise: `local` as docker's; what `none` keeps is for those who are attached. */
const DEFAULTS: Readonly<Record<Logging['driver'], { maxSize?: string; maxFile: string }>> = {
  local: { maxSize: '20m', maxFile: '5' },
  'json-file': { maxFile: '1' },
  none: { maxSize: '16m', maxFile: '2' },
};

const KNOWN = [
  'max-size',
  'max-file',
  'max-buffer-size',
  'mode',
  'compress',
  'labels',
  'labels-regex',
  'env',
  'env-regex',
  'tag',
];

/**
 * What `--log-driver` and `--log-opt` come to.
 *
 * @throws {Error} in docker's words, for what isn't known or is no size
 */
export function logOptions({ driver, options }: Logging): LogOptions {
  for (const name of Object.keys(options))
    if (!KNOWN.includes(name)) throw new Error(`unknown log opt '${name}' for ${driver} log driver`);
  const { maxSize: usualSize, maxFile: usualFiles } = DEFAULTS[driver];
  const maxSize = options['max-size'] ?? usualSize;
  const maxFile = Number(options['max-file'] ?? usualFiles);
  if (!Number.isInteger(maxFile) || maxFile < 1) throw new Error('max-file cannot be less than 1');
  return {
    ...(maxSize !== undefined && { maxSize: sizeOf('max-size', maxSize) }),
    maxFile,
    bufferBytes: bufferBytes(options['max-buffer-size']),
  };
}

const PAGE = 4096;

/** A whole number of pages, 1 MiB at the most; docker's name for what it keeps before it is written. */
function bufferBytes(typed = String(PAGE)): number {
  return Math.min(Math.ceil(sizeOf('max-buffer-size', typed) / PAGE) * PAGE, 1 << 20);
}

const UNITS = ['', 'k', 'm', 'g', 't', 'p'];

/** A size as docker reads those of logs: a number, and a unit that is 1000 of the one before: `10m` is ten million bytes. */
export function sizeOf(name: string, typed: string): number {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?) ?([kmgtp]?)(?:i?b)?$/i.exec(typed) ?? [];
  const bytes = Math.floor(Number(number) * 1000 ** UNITS.indexOf(unit.toLowerCase()));
  if (number !== '' && bytes > 0) return bytes;
  throw new Error(`invalid value for ${name}: "${typed}" is not a size: give a number of bytes, or one with k, m or g`);
}
