import { readFileSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Descriptor, Digest } from './image.ts';
import { hex } from './places.ts';
import type { Workplace } from './workplace.ts';

/** What is expected of contents, where that is known before. */
export interface Expected {
  readonly digest?: Digest | undefined;
  /** In bytes. */
  readonly size?: number | undefined;
  /** No more than this many bytes, whatever they are. */
  readonly most?: number;
}

/** The digest of contents. Most runs need none, and the module costs 8 ms. */
export function digestOf(contents: string | Uint8Array): Digest {
  return `sha256:${process.getBuiltinModule('node:crypto').hash('sha256', contents)}`;
}

/**
 * Writes contents to a file of a workplace that is named by their digest.
 *
 * @throws {Error} if they aren't what was expected; nothing of them is kept
 */
export async function putBlob(
  { directory }: Workplace,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  { digest: wanted, size: length, most = Number.MAX_SAFE_INTEGER }: Expected = {},
): Promise<Pick<Descriptor, 'digest' | 'size'>> {
  const hash = process.getBuiltinModule('node:crypto').createHash('sha256');
  const path = join(directory, `blob-${Math.random().toString(36).slice(2)}`);
  let size = 0;
  {
    await using file = await open(path, 'wx', 0o600);
    for await (const chunk of chunks) {
      size += chunk.length;
      if (size > (length ?? most)) throw new Error(tooLong(length, most));
      hash.update(chunk);
      await file.writeFile(chunk);
    }
  }
  const digest: Digest = `sha256:${hash.digest('hex')}`;
  if (length !== undefined && size !== length) throw new Error(`it has ${size} bytes, and ${length} were announced`);
  if (wanted !== undefined && digest !== wanted)
    throw new Error(`its digest is ${digest}, and ${wanted} was announced: it's damaged, or not what it says it is`);
  await rename(path, stagedPath(directory, digest));
  return { digest, size };
}

function tooLong(length: number | undefined, most: number): string {
  return length === undefined
    ? `it's longer than ${most} bytes, and no more is read`
    : `it has more than the ${length} bytes that were announced`;
}

/** Where a blob lies in a workplace. */
export function stagedPath(directory: string, digest: Digest): string {
  return join(directory, hex(digest));
}

/** What a JSON document is that was checked when it was taken in. */
export function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8')) as T;
}
