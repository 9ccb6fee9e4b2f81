import { join } from 'node:path';
import { parseReference, wholeId, withTag } from '../reference.ts';
import { readJson } from './blobs.ts';
import type { Digest, Image, ImageConfig, Manifest } from './image.ts';
import { idOfName } from './names.ts';
import { blobPath, layerPath } from './places.ts';
import { idsWith, readRecord } from './record.ts';

/**
 * The image of a name, an id, or the beginning of an id. A name comes first, as with docker: an image may be called `cafe`.
 *
 * @throws {Error} if the words can be neither, or if several ids begin so
 */
export function findImage(words: string): Image | undefined {
  const id = findId(words);
  return id === undefined ? undefined : readImage(id);
}

/** Its id alone. @throws {Error} as `findImage` */
export function findId(words: string): Digest | undefined {
  const whole = wholeId(words);
  if (whole !== undefined) return readRecord(whole) && whole;
  return byName(words) ?? byBeginning(words);
}

function byName(words: string): Digest | undefined {
  if (/^sha256:[a-f0-9]*$/.test(words)) return undefined; // the beginning of an id
  const { digest, ...named } = withTag(parseReference(words));
  return idOfName(digest === undefined ? named : { domain: named.domain, path: named.path, digest });
}

function byBeginning(words: string): Digest | undefined {
  const [, digits] = /^(?:sha256:)?([a-f0-9]+)$/.exec(words) ?? [];
  if (digits === undefined) return undefined;
  const [id, another] = idsWith(digits);
  if (another === undefined) return id;
  throw new Error(`multiple images have an id that begins with ${digits}: give more of it, or a name`);
}

/** What the store has of an image. */
export function readImage(id: Digest): Image | undefined {
  const record = readRecord(id);
  if (record === undefined) return undefined;
  const { layers, config } = readJson<Manifest>(blobPath(record.manifest));
  const { rootfs, ...rest } = readJson<ImageConfig>(blobPath(config.digest));
  return {
    id,
    manifest: record.manifest,
    config: { ...rest, rootfs },
    layers: layers.map((layer, at) => {
      const [chainId, diffId] = [record.chainIds[at] as Digest, rootfs.diff_ids[at] as Digest];
      return { ...layer, diffId, chainId, directory: join(layerPath(chainId), 'diff') };
    }),
  };
}
