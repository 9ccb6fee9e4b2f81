import { statSync } from 'node:fs';
import { INDEX_TYPE, MANIFEST_TYPE } from '../image/media-types.ts';
import { familiarName, fullName, type Reference } from '../reference.ts';
import { readJson } from '../store/blobs.ts';
import type { Digest, Image, Manifest } from '../store/image.ts';
import { blobPath, hex } from '../store/places.ts';

/** An image to be saved, under these names. */
export interface Saved {
  readonly image: Image;
  readonly names: readonly Reference[];
}

/** A file of what is saved: a text, or a blob of the store. */
export type SavedFile =
  | { readonly name: string; readonly text: string }
  | { readonly name: string; readonly blob: Digest };

/**
 * The files that images are saved as: an OCI image layout, and docker's manifest.json for those who read that. Everything
 * follows from the images and their names, so the same images are always the same bytes.
 */
export function savedFiles(saved: readonly Saved[]): SavedFile[] {
  const blobs = new Set(
    saved.flatMap(({ image }) => [image.manifest, image.id, ...image.layers.map(({ digest }) => digest)]),
  );
  return [
    { name: 'oci-layout', text: JSON.stringify({ imageLayoutVersion: '1.0.0' }) },
    { name: 'index.json', text: JSON.stringify(indexOf(saved)) },
    { name: 'manifest.json', text: JSON.stringify(saved.map(dockers)) },
    ...[...blobs].sort().map((blob) => ({ name: `blobs/sha256/${hex(blob)}`, blob })),
  ];
}

/** An entry for each name of each image, as docker has it. */
function indexOf(saved: readonly Saved[]) {
  const manifests = saved.flatMap(({ image, names }) => {
    const { mediaType = MANIFEST_TYPE } = readJson<Manifest>(blobPath(image.manifest));
    const size = statSync(blobPath(image.manifest)).size;
    const entry = { mediaType, digest: image.manifest, size };
    return names.length === 0 ? [entry] : names.map((name) => ({ ...entry, annotations: annotations(name) }));
  });
  return { schemaVersion: 2, mediaType: INDEX_TYPE, manifests };
}

function annotations(name: Reference) {
  return {
    'io.containerd.image.name': fullName(name),
    ...(name.tag !== undefined && { 'org.opencontainers.image.ref.name': name.tag }),
  };
}

function dockers({ image, names }: Saved) {
  const tags = names.filter(({ tag }) => tag !== undefined).map(familiarName);
  return {
    Config: `blobs/sha256/${hex(image.id)}`,
    RepoTags: tags.length === 0 ? null : tags,
    Layers: image.layers.map(({ digest }) => `blobs/sha256/${hex(digest)}`),
  };
}
