import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { constants, createGunzip, createZstdDecompress, type Gunzip, type ZstdDecompress } from 'node:zlib';
import { shellLine } from 'step-01';
import { type Format, formatOf } from './format.ts';

const CHUNK = 1 << 17; // bytes

/** The stream takes a chunk only after the one before has been decompressed, so all can be read into the same memory. */
const ONE_AT_A_TIME = { chunkSize: CHUNK, writableHighWaterMark: 1 };

/** What Node itself decompresses. */
const DECOMPRESS: Readonly<Record<string, () => Gunzip | ZstdDecompress>> = {
  gzip: () => createGunzip(ONE_AT_A_TIME),
  // As `zstd --long=31` makes them.
  zstd: () => createZstdDecompress({ ...ONE_AT_A_TIME, params: { [constants.ZSTD_d_windowLogMax]: 31 } }),
};

/**
 * The bytes of a tar archive, which may be compressed with gzip or zstd.
 *
 * @throws if it can't be read, is compressed with something else, or is damaged where its compression shows it
 */
export async function* contents(archive: string): AsyncGenerator<Buffer> {
  const format = formatOf(archive);
  const decompress = format && DECOMPRESS[format.name];
  if (format && !decompress) throw new Error(howToConvert(archive, format));
  if (!format || !decompress) return yield* createReadStream(archive, { highWaterMark: CHUNK });
  await using rest = await open(archive);
  const decompressing = decompress();
  try {
    // What goes wrong, the loop below throws.
    yield* pipeline(compressed(archive), decompressing, () => {});
    await assertZeros(rest, decompressing.bytesWritten);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall) throw error;
    const what = `its ${format.name} compression is damaged or cut short: ${(error as Error).message}`;
    throw new Error(what, { cause: error });
  }
}

async function* compressed(archive: string): AsyncGenerator<Buffer> {
  await using file = await open(archive);
  yield* bytesFrom(file, 0);
}

/** Node stops at bytes that it can't decompress, without a word. Only zeros, which tapes are padded with, are no loss. */
async function assertZeros(file: FileHandle, begin: number): Promise<void> {
  for await (const bytes of bytesFrom(file, begin))
    if (bytes.some((byte) => byte !== 0)) throw new Error('something else comes after its end');
}

async function* bytesFrom(file: FileHandle, begin: number): AsyncGenerator<Buffer> {
  const chunk = Buffer.allocUnsafeSlow(CHUNK);
  for (let at = begin; ; ) {
    const { bytesRead } = await file.read(chunk, 0, CHUNK, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield chunk.subarray(0, bytesRead);
  }
}

function howToConvert(archive: string, { name, by }: Format): string {
  const converted = archive.replace(/(\.(tar|t[a-z]?z2?)(\.\w+)?)?$/i, '.tar.gz');
  return `it's compressed with ${name}; gzip, zstd or nothing is fine. Type: ${shellLine([...by, archive])} | gzip > ${shellLine([converted])}`;
}
