import { closeSync, fdatasyncSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { type Document, type Kind, LONGEST_DOCUMENT, parseDocument } from '../image/documents.ts';
import { assertLayerType, CONFIG_TYPE, LAYER_TYPE, MANIFEST_TYPE } from '../image/media-types.ts';
import { digestOf, stagedPath } from './blobs.ts';
import { readImage } from './find.ts';
import type { Descriptor, Digest, Image, ImageConfig, Manifest } from './image.ts';
import { whileAdding } from './lock.ts';
import { provideLayers } from './provide.ts';
import { putBlob } from './put-blob.ts';
import { blobsOf, type NewImage, putRecord } from './record.ts';
import { discardImage } from './remove.ts';
import { reserveBlob } from './reserve.ts';
import { useImage } from './use.ts';
import type { Workplace } from './workplace.ts';

/** An image in the store, which is kept from being removed until it's released. */
export interface Added {
  readonly image: Image;
  release(): void;
}

/**
 * Puts an image in the store whose blobs are all in a workplace, and unpacks its layers. It has no name yet.
 *
 * @param manifest - the digest of its manifest
 * @throws {Error} if a document isn't as it must be, a blob is missing, or a layer can't be unpacked: nothing of it stays
 */
export async function addImage(place: Workplace, manifest: Digest, say: (line: string) => void): Promise<Added> {
  const added = readStaged(place, manifest);
  syncBlobs(place, added);
  const release = whileAdding(() => {
    putRecord(place, added);
    return useImage(added);
  });
  try {
    const image = readImage(added.id) as Image;
    await provideLayers(image, say);
    return { image, release };
  } catch (error) {
    release();
    for (const digest of blobsOf(manifest, added.manifest))
      rmSync(stagedPath(place.directory, digest), { force: true });
    discardImage(added.id);
    throw error;
  }
}

/** Writes to the disk what others will read under their digests, before they can. */
function syncBlobs({ directory }: Workplace, { record, manifest }: NewImage): void {
  for (const digest of blobsOf(record.manifest, manifest)) {
    const file = openSync(stagedPath(directory, digest), 'r');
    fdatasyncSync(file);
    closeSync(file);
  }
}

function readStaged({ directory }: Workplace, digest: Digest): NewImage {
  const manifest = document(directory, 'manifest', digest) as Manifest;
  const config = document(directory, 'config', manifest.config.digest) as ImageConfig;
  const { diff_ids: diffIds = [] } = config.rootfs;
  if (diffIds.length !== manifest.layers.length)
    throw new Error(`its manifest has ${manifest.layers.length} layers, and its config ${diffIds.length}`);
  for (const { mediaType } of manifest.layers) assertLayerType(mediaType);
  for (const blob of [manifest.config, ...manifest.layers]) assertStaged(directory, blob);
  const record = { manifest: digest, chainIds: chainIds(diffIds) };
  return { id: manifest.config.digest, record, manifest, config };
}

/** Reads a document of a workplace, if it isn't too long. */
export function document<K extends Kind>(directory: string, kind: K, digest: Digest): Document<K> {
  const path = stagedPath(directory, digest);
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === undefined) throw new Error(`its ${kind} ${digest} is missing`);
  if (size > LONGEST_DOCUMENT)
    throw new Error(`its ${kind} has ${size} bytes, and ${LONGEST_DOCUMENT} are the most that are read`);
  return parseDocument(kind, readFileSync(path, 'utf8'));
}

function assertStaged(directory: string, { digest, size }: Descriptor): void {
  const is = statSync(stagedPath(directory, digest), { throwIfNoEntry: false })?.size;
  if (is === undefined) throw new Error(`the blob ${digest} is missing`);
  if (is !== size) throw new Error(`the blob ${digest} has ${is} bytes, and the manifest says ${size}`);
}

// #region chain ids
/** Names each layer together with all that are below it (OCI image spec, config.md, "Layer ChainID"). */
export function chainIds(diffIds: readonly Digest[]): Digest[] {
  const ids: Digest[] = [];
  for (const diffId of diffIds) {
    const below = ids.at(-1);
    ids.push(below === undefined ? diffId : digestOf(`${below} ${diffId}`));
  }
  return ids;
}
// #endregion

/** A layer to be put on those of another image. */
export interface NewLayer extends Descriptor {
  readonly diffId: Digest;
}

/**
 * Puts a tar archive in a workplace as the layer of a new image.
 *
 * @throws {Error} as the archive does
 */
export async function putLayer(place: Workplace, tar: AsyncIterable<Uint8Array>): Promise<NewLayer> {
  const { digest, size } = await putBlob(place, tar);
  return { mediaType: LAYER_TYPE, digest, size, diffId: digest };
}

/** Says nothing: where docker prints an id and no more. */
export const inSilence = (): void => {};

/**
 * Puts a new image in the store: a config, and a layer on those of its parent.
 *
 * @param config - without `rootfs`, which follows from the layers
 */
export async function makeImage(
  place: Workplace,
  { config, parent, layer }: { config: Omit<ImageConfig, 'rootfs'>; parent?: Image; layer: NewLayer },
  say: (line: string) => void,
): Promise<Added> {
  const layers = [...(parent?.layers ?? []), layer];
  for (const { digest } of parent?.layers ?? []) reserveBlob(place, digest);
  const rootfs = { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) };
  const put = (text: string) => putBlob(place, [Buffer.from(text)]);
  const manifest = {
    schemaVersion: 2,
    mediaType: MANIFEST_TYPE,
    config: {
      mediaType: CONFIG_TYPE,
      ...(await put(JSON.stringify({ ...config, rootfs }))),
    },
    layers: layers.map(({ mediaType, digest, size }) => ({ mediaType, digest, size })),
  };
  const { digest } = await put(JSON.stringify(manifest));
  return addImage(place, digest, say);
}
