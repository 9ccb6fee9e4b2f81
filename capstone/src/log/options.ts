import type { Logging } from '../containers/record.ts';

/** How a log is written. */
export interface LogOptions extends LogFiles {
  /** Bytes that are read at once. */
  readonly bufferBytes: number;
}

/**
 * What is done with a container's output unless a flag says otherwise: all of it is kept. docker's own default, json-file, takes a
 * Node for each container, which writes lines of JSON beside the log.
 */
export const DEFAULT_LOGGING: Logging = { driver: 'local', options: { 'max-size': '-1' } };

/** What each driver does unless told otherwise: as docker's; what `none` keeps is for those who are attached. */
const DEFAULTS: Readonly<Record<Logging['driver'], { maxSize: string; maxFile: string }>> = {
  local: { maxSize: '20m', maxFile: '5' },
  'json-file': { maxSize: '-1', maxFile: '1' },
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

/** How many files there are, and how large they become. */
export interface LogFiles {
  /** Bytes from which on a file is full; without it, there is one that grows. */
  readonly maxSize?: number;
  /** How many files there are at the most. */
  readonly maxFile: number;
}

/**
 * What `--log-driver` and `--log-opt` come to. What json-file is made of is kept until it is surely made.
 *
 * @throws {Error} in docker's words, for what isn't known or is no size
 */
export function logOptions(logging: Logging): LogOptions {
  const { driver, options } = logging;
  const { maxSize, maxFile } = logFiles(logging);
  const isMade = driver === 'json-file';
  return {
    ...(maxSize !== undefined && { maxSize: isMade ? Math.max(maxSize, LEAST_TO_MAKE) : maxSize }),
    maxFile: isMade ? Math.max(maxFile, 2) : maxFile,
    bufferBytes: bufferBytes(options['max-buffer-size']),
  };
}

/** Bytes of each file that lines of JSON are made of. */
const LEAST_TO_MAKE = 4e6;

/** What `--log-opt` says of the files that are to be read. @throws {Error} in docker's words, for what isn't known or is no size */
export function logFiles({ driver, options }: Logging): LogFiles {
  for (const name of Object.keys(options))
    if (!KNOWN.includes(name)) throw new Error(`unknown log opt '${name}' for ${driver} log driver`);
  const { mode = 'blocking' } = options;
  if (!['', 'blocking', 'non-blocking'].includes(mode)) throw new Error(`logger: logging mode not supported: ${mode}`);
  const { maxSize: usualSize, maxFile: usualFiles } = DEFAULTS[driver];
  const maxSize = options['max-size'] ?? usualSize;
  const maxFile = Number(options['max-file'] ?? usualFiles);
  if (!Number.isInteger(maxFile) || maxFile < 1) throw new Error('max-file cannot be less than 1');
  return { ...(maxSize !== '-1' && { maxSize: sizeOf('max-size', maxSize) }), maxFile };
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
