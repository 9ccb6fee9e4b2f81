import { closeSync, mkdtempSync, openSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeDirectories, readState } from 'step-07';
import { stagedPath } from './blobs.ts';
import { linkOnce, moveOnce, syncDirectory, writeThrough } from './files.ts';
import type { Digest, ImageConfig, Manifest } from './image.ts';
import { blobPath, hex, idPath, places } from './places.ts';
import type { Workplace } from './workplace.ts';

/**
 * What the directory of an image says in its file `record`. Beside it lies a link to each of the image's blobs, and to the
 * file of each chain id. So the kernel counts who needs what: a blob with one link alone, its own in `blobs`, is garbage.
 */
export interface ImageRecord {
  readonly manifest: Digest;
  /** The lowest first. They could be reckoned from the config; this saves each start a hash function. */
  readonly chainIds: readonly Digest[];
}

/** An image that is about to be put in. Its blobs lie in a workplace. */
export interface NewImage {
  readonly id: Digest;
  readonly record: ImageRecord;
  readonly manifest: Manifest;
  readonly config: ImageConfig;
}

/** The file that says what an image is, and that whoever uses it has a lock on. */
export function recordPath(id: Digest): string {
  return join(idPath(id), 'record');
}

/** What to do if a file of an image is spoiled. */
export function howToHaveAgain(id: Digest): string {
  return `remove ${idPath(id)}, type "image prune", and pull or load the image again`;
}

export function readRecord(id: Digest): ImageRecord | undefined {
  return readState<ImageRecord>(recordPath(id), { manifest: 'string', chainIds: 'array' }, howToHaveAgain(id));
}

/** The digests of an image's blobs, each once. */
export function blobsOf(manifest: Digest, { config, layers }: Manifest): Set<Digest> {
  return new Set([manifest, config.digest, ...layers.map(({ digest }) => digest)]);
}

/**
 * Puts an image in its place, with all of its blobs, at once: before the last rename it isn't there, after it all of it is.
 * To be called while adding. An image that is there already is left as it is.
 */
export function putRecord({ directory }: Workplace, { id, record, manifest }: NewImage): void {
  if (readRecord(id) !== undefined) return;
  const made = mkdtempSync(join(directory, 'image-'));
  for (const digest of blobsOf(record.manifest, manifest)) {
    linkOnce(stagedPath(directory, digest), blobPath(digest));
    linkOnce(blobPath(digest), join(made, hex(digest)));
  }
  for (const chainId of new Set(record.chainIds)) linkOnce(chainFile(chainId), join(made, `chain-${hex(chainId)}`));
  writeThrough(join(made, 'record'), JSON.stringify(record));
  for (const written of [made, places().blobs]) syncDirectory(written);
  const group = dirname(idPath(id));
  makeDirectories(group, 0o700);
  moveOnce(made, idPath(id));
  syncDirectory(group);
}

/** The file that stands for a chain id. It's made if it isn't there; so this is for who adds. */
export function chainFile(chainId: Digest): string {
  const path = join(places().chains, hex(chainId));
  makeDirectories(dirname(path), 0o700);
  closeSync(openSync(path, 'a', 0o600));
  return path;
}

/** The ids that begin with some hexadecimal digits; all of them if there are none. */
export function idsWith(beginning: string): Digest[] {
  const groups = list(places().ids).filter((group) => group.startsWith(beginning.slice(0, 2)));
  const all = groups.flatMap((group) => list(join(places().ids, group)));
  return all.filter((one) => one.startsWith(beginning)).map((one): Digest => `sha256:${one}`);
}

/** What is in a directory; nothing, if there is none. */
export function list(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
