import { chooseEntry, DEEPEST, type Entry } from '../image/choose.ts';
import { isIndex, isManifest } from '../image/media-types.ts';
import { document } from '../store/add.ts';
import type { Descriptor, Digest } from '../store/image.ts';
import { blobOf, documentAt, type Found, type Search } from './found.ts';

/**
 * The images of an OCI image layout.
 *
 * @returns undefined if it's none
 * @throws {Error} if there's none for the platform, or something is missing
 * @see {@link https://github.com/opencontainers/image-spec/blob/main/image-layout.md | OCI image layout}
 */
export async function inOciLayout(search: Search): Promise<Found[] | undefined> {
  if ((await documentAt(search, 'image layout', 'oci-layout')) === undefined) return undefined;
  const index = await documentAt(search, 'index', 'index.json');
  if (index === undefined) throw new Error("it's an OCI image layout without index.json");
  const found: Found[] = [];
  for (const entry of index.manifests) {
    const manifest = await manifestOf(search, entry, DEEPEST);
    if (manifest === undefined) continue;
    await withBlobs(search, manifest);
    found.push({ manifest, names: nameOf(search, entry) });
  }
  return found.length === 0 ? undefined : merged(found);
}

/** The digest of the manifest that an entry of an index means, in the workplace; undefined if it's no image. */
async function manifestOf(search: Search, entry: Entry, depth: number): Promise<Digest | undefined> {
  if (isManifest(entry.mediaType)) return blobOf(search, entry as Descriptor);
  if (!isIndex(entry.mediaType)) return undefined; // a signature, say
  if (depth === 0) throw new Error(`its indexes lie more than ${DEEPEST} deep in one another`);
  const { manifests } = document(search.place.directory, 'index', await blobOf(search, entry as Descriptor));
  const chosen = chooseEntry(manifests, search.platform);
  return manifestOf(search, chosen, depth - 1);
}

async function withBlobs(search: Search, digest: Digest): Promise<void> {
  const { config, layers } = document(search.place.directory, 'manifest', digest);
  for (const blob of [config, ...layers]) await blobOf(search, blob as Descriptor);
}

/** Containerd's name is whole; the spec's may be a tag alone, of what the layout is called. */
function nameOf({ called }: Search, { annotations }: Entry): string[] {
  const { 'io.containerd.image.name': name, 'org.opencontainers.image.ref.name': ref } = annotations ?? {};
  if (name !== undefined) return [name];
  if (ref === undefined) return [];
  if (/[/:@]/.test(ref)) return [ref];
  return called === undefined ? [] : [`${called}:${ref}`];
}

/** One image with several names is in the index once for each. */
function merged(found: readonly Found[]): Found[] {
  const groups = Map.groupBy(found, ({ manifest }) => manifest);
  return [...groups].map(([manifest, same]) => ({ manifest, names: same.flatMap(({ names }) => names) }));
}
