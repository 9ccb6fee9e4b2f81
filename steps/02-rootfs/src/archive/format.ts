import { closeSync, openSync, readSync } from 'node:fs';

/** A way to compress an archive. */
export interface Format {
  readonly name: string;
  /** The program that unpacks it from standard input, or a file, to its standard output. */
  readonly by: readonly [program: string, ...flags: string[]];
}

/** By their first bytes, in hexadecimal; behind frames to skip, which zstd and lz4 may begin with. */
const FORMATS: readonly (Format & { readonly magic: string })[] = [
  { name: 'gzip', magic: '1f8b', by: ['gzip', '-dc'] },
  { name: 'zstd', magic: '28b52ffd', by: ['zstd', '-dcq', '--long=31'] },
  { name: 'bzip2', magic: '425a68', by: ['bzip2', '-dc'] },
  { name: 'xz', magic: 'fd377a585a00', by: ['xz', '-dc'] },
  { name: 'lzma', magic: '5d0000', by: ['xz', '-dc'] },
  { name: 'lz4', magic: '04224d18', by: ['lz4', '-dc'] },
  { name: 'lz4', magic: '02214c18', by: ['lz4', '-dc'] },
  { name: 'compress', magic: '1f9d', by: ['gzip', '-dc'] },
  { name: 'lzop', magic: '894c5a4f', by: ['lzop', '-dc'] },
  { name: 'lzip', magic: '4c5a4950', by: ['lzip', '-dc'] },
];

/**
 * What an archive is compressed with; undefined if it isn't. A header of tar comes first: its first file's name may begin
 * as a compressed file does.
 *
 * @throws if it can't be read
 */
export function formatOf(archive: string): Format | undefined {
  const file = openSync(archive, 'r');
  try {
    const block = Buffer.alloc(512);
    if (readSync(file, block) === block.length && isHeader(block)) return undefined;
    const start = afterSkippableFrames(file);
    return FORMATS.find(({ magic }) => start.toString('hex').startsWith(magic));
  } finally {
    closeSync(file);
  }
}

/** Is this a header of tar? It holds the sum of its bytes, in which the sum's own count as spaces. */
function isHeader(block: Buffer): boolean {
  const sum = block.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 0x20 : byte), 0);
  return Number.parseInt(block.toString('latin1', 148, 156).trim(), 8) === sum;
}

/**
 * The first bytes of a file, or those behind frames that say nothing: pzstd begins a file with one, and so may lz4.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc8878#name-skippable-frames | RFC 8878, 3.1.2}
 */
function afterSkippableFrames(file: number): Buffer {
  const start = Buffer.alloc(8);
  for (let at = 0; readSync(file, start, 0, 8, at) === 8 && (start.readUInt32LE(0) & ~0xf) === 0x184d2a50; ) {
    at += 8 + start.readUInt32LE(4);
  }
  return start;
}
