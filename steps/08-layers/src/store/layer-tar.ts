import type { OpenArchive } from '../tar/open.ts';
import type { Digest } from './image.ts';

/**
 * The bytes of a layer's archive, checked as they pass: a reader that gets to the end without an error has read what the
 * image's config names.
 *
 * @throws {Error} at the end, if it's another archive; before, if its compression is damaged
 */
export async function* layerTar({ chunks }: OpenArchive, diffId: Digest): AsyncGenerator<Buffer> {
  const hash = process.getBuiltinModule('node:crypto').createHash('sha256');
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
  const is = `sha256:${hash.digest('hex')}`;
  if (is !== diffId) throw new Error(`the archive in it has the digest ${is}, and the image's config says ${diffId}`);
}
