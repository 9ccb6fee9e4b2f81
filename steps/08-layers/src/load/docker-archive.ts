import { closeSync, openSync, readSync, statSync } from 'node:fs';
import type { Document } from '../image/documents.ts';
import { CONFIG_TYPE, LAYER_TYPE, MANIFEST_TYPE } from '../image/media-types.ts';
import { stagedPath } from '../store/blobs.ts';
import type { Descriptor, Digest } from '../store/image.ts';
import { putBlob } from '../store/put-blob.ts';
import { documentAt, type Found, type Search } from './found.ts';

type Entry = Document<'manifest.json'>[number];

/**
 * The images of an archive that `docker save` made, or skopeo. It has no manifests, so they are made.
 *
 * @returns undefined if it's none
 * @throws {Error} if something is missing
 * @see {@link https://github.com/moby/moby/blob/v27.0.0/image/spec/v1.2.md | Docker image specification 1.2}
 */
export async function inDockerArchive(search: Search): Promise<Found[] | undefined> {
  const list = await documentAt(search, 'manifest.json', 'manifest.json');
  if (list === undefined) return undefined;
  const found: Found[] = [];
  for (const entry of list) found.push({ manifest: await manifestFor(search, entry), names: entry.RepoTags ?? [] });
  return found;
}

async function manifestFor(search: Search, { Config, Layers }: Entry): Promise<Digest> {
  const digests: Digest[] = [];
  for (const name of [Config, ...(Layers ?? [])]) {
    const digest = await search.files.digestOf(name);
    if (digest === undefined) throw new Error(`its manifest.json names ${JSON.stringify(name)}, which it lacks`);
    digests.push(digest);
  }
  const [config, ...layers] = digests as [Digest, ...Digest[]];
  const { directory } = search.place;
  const manifest = {
    schemaVersion: 2,
    mediaType: MANIFEST_TYPE,
    config: described(directory, config, CONFIG_TYPE),
    layers: layers.map((digest) =>
      described(directory, digest, `${LAYER_TYPE}${compression(stagedPath(directory, digest))}`),
    ),
  };
  return (await putBlob(search.place, [Buffer.from(JSON.stringify(manifest))])).digest;
}

function described(directory: string, digest: Digest, mediaType: string): Descriptor {
  return { mediaType, digest, size: statSync(stagedPath(directory, digest)).size };
}

/** What follows `tar` in the media type of a layer. */
function compression(path: string): string {
  const start = Buffer.alloc(4);
  const file = openSync(path, 'r');
  readSync(file, start);
  closeSync(file);
  const magic = start.toString('hex');
  if (magic.startsWith('1f8b')) return '+gzip';
  return magic === '28b52ffd' || /^5.2a4d18/.test(magic) ? '+zstd' : '';
}
