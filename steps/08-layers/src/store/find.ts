import { join } from 'node:path';
import { readState, Spoiled } from 'step-07';
import { wholeId } from '../reference.ts';
import type { Digest, Image, ImageConfig, Layer, Manifest } from './image.ts';
import { idOfName, nameIn } from './names.ts';
import { blobPath, layerPath } from './places.ts';
import { howToHaveAgain, idsWith, readRecord } from './record.ts';

/**
 * The image of a name, an id, or the beginning of an id. A name comes first, as with docker: an image may be called `cafe`.
 *
 * @throws {Error} if the words can be neither, or if several ids begin so
 */
export function findImage(words: string): Image | undefined {
  const id = findId(words);
  return id === undefined ? undefined : readImage(id);
}

function findId(words: string): Digest | undefined {
  const whole = wholeId(words);
  if (whole !== undefined) return readRecord(whole) && whole;
  const name = nameIn(words);
  return (name && idOfName(name)) ?? byBeginning(words);
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
  const manifest = readBlob<Manifest>(id, record.manifest, { config: 'object', layers: 'array' });
  const config = readBlob<ImageConfig>(id, manifest.config.digest, { rootfs: 'object' });
  return { id, manifest: record.manifest, config, layers: layersOf(manifest, config, record.chainIds) };
}

function readBlob<T>(id: Digest, digest: Digest, fields: Parameters<typeof readState>[1]): T {
  const value = readState<T>(blobPath(digest), fields, howToHaveAgain(id));
  if (value !== undefined) return value;
  throw new Spoiled(blobPath(digest), "it isn't there", howToHaveAgain(id));
}

/** The layers that a manifest and a config together tell of. */
export function layersOf(manifest: Manifest, config: ImageConfig, chainIds: readonly Digest[]): Layer[] {
  return manifest.layers.map((layer, at) => {
    const [chainId, diffId] = [chainIds[at] as Digest, config.rootfs.diff_ids[at] as Digest];
    return { ...layer, diffId, chainId, directory: join(layerPath(chainId), 'diff') };
  });
}
