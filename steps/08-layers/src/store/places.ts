import { join } from 'node:path';
import { state } from 'step-07';
import type { Digest } from './image.ts';

/**
 * Where the store keeps what: in `images`, which nobody could make again, and in `layers`, which is made of that. There is
 * no index. A name leads to an image's id, that to its manifest, and that to its blobs.
 */
export function places() {
  const { data, cache } = state();
  const images = join(data, 'images');
  return {
    /** Contents by their digest, as in an OCI image layout: configs, manifests, layers as they came. */
    blobs: join(images, 'blobs/sha256'),
    /** A directory an image: see record.ts. */
    ids: join(images, 'ids'),
    /** A file a name, which holds an id: `docker.io/library/busybox/:latest`. */
    names: join(images, 'names'),
    /** A file for each chain id, of which every image that has it has a link. */
    chains: join(images, 'chains'),
    /** Where things are made before they are moved into place. */
    making: join(images, 'making'),
    /** What has come so far of blobs that are being fetched, by their digests: another pull goes on with it. */
    partial: join(images, 'partial'),
    lock: join(images, 'lock'),
    /** Unpacked layers by chain id. */
    layers: join(cache, 'layers'),
    /** Where layers are unpacked before they are moved into place. */
    unpacking: join(cache, 'layers', '.making'),
  };
}

/** The 64 digits of a digest, by which files are named. */
export function hex(digest: Digest): string {
  return digest.slice('sha256:'.length);
}

export function blobPath(digest: Digest): string {
  return join(places().blobs, hex(digest));
}

/** The directory of an image, below one of 256 by its first digits: so that a beginning of an id is found without reading all. */
export function idPath(id: Digest): string {
  return join(places().ids, hex(id).slice(0, 2), hex(id));
}

/** The directory of an unpacked layer: `diff` holds its files, `layer.json` what is known of it. */
export function layerPath(chainId: Digest): string {
  return join(places().layers, hex(chainId));
}
