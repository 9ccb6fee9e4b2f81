import type { Document, Kind } from '../image/documents.ts';
import type { Platform } from '../image/platform.ts';
import { document } from '../store/add.ts';
import type { Descriptor, Digest } from '../store/image.ts';
import { hex } from '../store/places.ts';
import type { Workplace } from '../store/workplace.ts';
import type { Files } from './intake.ts';

/** An image that was found in an archive, before it's in the store. */
export interface Found {
  /** The digest of its manifest, which is in the workplace, with all blobs that it names. */
  readonly manifest: Digest;
  /** As the archive has them. */
  readonly names: readonly string[];
}

/** Where images are searched for. */
export interface Search {
  readonly place: Workplace;
  readonly files: Files;
  /** What bare tags belong to: the archive's own name, without what stands for its format. */
  readonly called: string | undefined;
  /** The platform that is wanted. */
  readonly platform: Platform;
}

/** A document by its name in the archive; undefined if there is none. */
export async function documentAt<K extends Kind>(
  { place, files }: Search,
  kind: K,
  name: string,
): Promise<Document<K> | undefined> {
  const digest = await files.digestOf(name);
  return digest === undefined ? undefined : document(place.directory, kind, digest);
}

/**
 * Sees to it that a blob is in the workplace.
 *
 * @throws {Error} if the archive lacks it
 */
export async function blobOf({ files }: Search, { digest }: Pick<Descriptor, 'digest'>): Promise<Digest> {
  if (!/^sha256:[a-f0-9]{64}$/.test(digest)) throw new Error(`it names a blob ${digest}, and only sha256 is supported`);
  const found = await files.digestOf(`blobs/sha256/${hex(digest)}`);
  if (found === undefined) throw new Error(`it lacks the blob ${digest}`);
  return found;
}
