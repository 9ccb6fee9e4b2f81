import { Readable } from 'node:stream';
import { archiveContents } from 'step-07';
import type { Digest } from './image.ts';

/**
 * The tar archive that a layer's blob is, compressed or not. It's checked as it passes: whoever reads to the end without an
 * error has read what the image's config names.
 *
 * @throws {Error} at the end, if it's another archive; before, if its compression is damaged
 */
export async function* layerTar(blob: string, diffId: Digest): AsyncGenerator<Buffer> {
  const hash = process.getBuiltinModule('node:crypto').createHash('sha256');
  for await (const chunk of archiveContents(blob)) {
    hash.update(chunk);
    yield chunk;
  }
  const is = `sha256:${hash.digest('hex')}`;
  if (is !== diffId) throw new Error(`the archive in it has the digest ${is}, and the image's config says ${diffId}`);
}

/** Chunks that are read ahead, at most: 4 MiB. */
const AHEAD = 16;

/**
 * The same stream, of which some is read before it is asked for: so a layer is decompressed, in a thread, while the one below
 * it is being written.
 */
export function readAhead(chunks: AsyncGenerator<Buffer>): AsyncIterable<Buffer> {
  const stream = Readable.from(chunks, { highWaterMark: AHEAD });
  stream.on('error', () => {}); // whoever reads it gets it
  stream.read(0);
  return stream;
}
