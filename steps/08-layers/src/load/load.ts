import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { type Platform, thisPlatform } from '../image/platform.ts';
import { parseReference, type Reference, withTag } from '../reference.ts';
import { addImage } from '../store/add.ts';
import type { Digest, Image } from '../store/image.ts';
import { nameImage } from '../store/names.ts';
import { places } from '../store/places.ts';
import { openWorkplace } from '../store/workplace.ts';
import { openArchive } from '../tar/open.ts';
import { inDockerArchive } from './docker-archive.ts';
import type { Found, Search } from './found.ts';
import { takeInArchive, takeInDirectory } from './intake.ts';
import { inOciLayout } from './oci-layout.ts';

/** An image that was put in the store, or was there already. */
export interface Loaded {
  readonly image: Image;
  readonly names: readonly Reference[];
  /** The ids of images that had one of these names, and have it no more. */
  readonly replaced: ReadonlyMap<Reference, Digest>;
  /** It's kept from being removed until then. */
  release(): void;
}

/** What to load, and how. */
export interface LoadOptions {
  /** A file, or a directory that is an OCI image layout. */
  readonly path: string;
  /** What it's called to the one who loads it, if it's called anything. */
  readonly name?: string;
  readonly platform?: Platform;
  /** Is told in a line what takes a while. */
  say(line: string): void;
}

/**
 * Puts all images of an archive in the store: one that `docker save` made, or an OCI image layout.
 *
 * @throws {Error} if it's none, or anything is wrong with one of its images
 */
export async function load({ path, name = path, platform = thisPlatform(), say }: LoadOptions): Promise<Loaded[]> {
  const place = openWorkplace(places().making);
  const loaded: Loaded[] = [];
  try {
    const files = statSync(path).isDirectory()
      ? takeInDirectory(place, path)
      : await takeInArchive(place, openArchive(path).chunks);
    const search: Search = { place, files, called: calledBy(name), platform };
    for (const found of await imagesIn(search)) loaded.push(await loadOne(search, found, say));
    return loaded;
  } catch (error) {
    for (const { release } of loaded) release();
    throw new Error(`${name} can't be loaded: ${(error as Error).message}`, { cause: error });
  } finally {
    place.close();
  }
}

async function imagesIn(search: Search): Promise<Found[]> {
  const found = (await inOciLayout(search)) ?? (await inDockerArchive(search));
  if (found !== undefined && found.length > 0) return found;
  const isOld = (await search.files.digestOf('repositories')) !== undefined;
  if (isOld) throw new Error('a docker older than 1.10 made it: load it into a newer one, and save it again');
  throw new Error(
    'it contains no image, neither manifest.json nor an OCI layout; "image import" makes one of a root filesystem',
  );
}

async function loadOne({ place }: Search, { manifest, names }: Found, say: (line: string) => void): Promise<Loaded> {
  const references = names.map((name) => withTag(parseReference(name)));
  const { image, release } = await addImage(place, manifest, say);
  const replaced = new Map<Reference, Digest>();
  for (const reference of references) {
    const other = nameImage(place, image, reference);
    if (other !== undefined) replaced.set(reference, other);
  }
  return { image, names: references, replaced, release };
}

/** What a bare tag in an archive belongs to: the file's name, as far as an image can be called so. */
function calledBy(name: string): string | undefined {
  const called = basename(name)
    .replace(/\.(tar|tgz|tzst)(\.\w+)?$/i, '')
    .toLowerCase();
  return /^[a-z0-9]+([._-][a-z0-9]+)*$/.test(called) ? called : undefined;
}
