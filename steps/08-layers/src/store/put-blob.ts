import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { stagedPath } from './blobs.ts';
import type { Descriptor, Digest } from './image.ts';
import type { Workplace } from './workplace.ts';

/**
 * Writes contents to a file of a workplace that is named by their digest.
 *
 * @param wanted - the digest that they must have, where it's known
 * @throws {Error} if they have another; what was written of them goes with the workplace
 */
export async function putBlob(
  { directory }: Workplace,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  wanted?: Digest,
): Promise<Pick<Descriptor, 'digest' | 'size'>> {
  const hash = process.getBuiltinModule('node:crypto').createHash('sha256');
  const path = join(directory, `blob-${Math.random().toString(36).slice(2)}`);
  let size = 0;
  {
    await using file = await open(path, 'wx', 0o600);
    for await (const chunk of chunks) {
      size += chunk.length;
      hash.update(chunk);
      await file.writeFile(chunk);
    }
  }
  const digest: Digest = `sha256:${hash.digest('hex')}`;
  if (wanted !== undefined && digest !== wanted)
    throw new Error(`its digest is ${digest}, and ${wanted} was announced: it's damaged, or not what it says it is`);
  await rename(path, stagedPath(directory, digest));
  return { digest, size };
}
