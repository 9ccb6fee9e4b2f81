import { fdatasync, linkSync, statfsSync } from 'node:fs';
import { promisify } from 'node:util';
import type { Digest, Layer } from 'step-10';
import { type PartialBlob, reserveBlob, stagedPath, unpackedLayer, unpackLayers, type Workplace } from 'step-10/store';
import { atMost } from './at-most.ts';
import { fetchBlob } from './blob.ts';
import type { Repository } from './documents.ts';
import { type Progress, shortDigest } from './progress/progress.ts';

/** As many come at a time as with docker. */
const AT_A_TIME = 3;

/** The layers of an image that is being fetched. */
export interface LayersToFetch {
  readonly repository: Repository;
  readonly place: Workplace;
  readonly layers: readonly Layer[];
  readonly progress: Progress;
}

const sync = promisify(fdatasync);

type Coming = ReadonlyMap<Digest, Promise<PartialBlob | undefined>>;

/**
 * Fetches layers, several at a time, and unpacks each when those below it are.
 *
 * @returns the files of their blobs that had to be fetched
 */
export async function fetchLayers(wanted: LayersToFetch): Promise<PartialBlob[]> {
  const stop = new AbortController();
  const synced: Promise<void>[] = [];
  const coming = startAll({ ...wanted, repository: { ...wanted.repository, signal: stop.signal } }, synced);
  const work = [unpackAll(wanted, coming), ...coming.values()];
  try {
    const [, ...files] = await Promise.all(work);
    await Promise.all(synced);
    return files.filter((file) => file !== undefined);
  } catch (error) {
    stop.abort(); // one is missing, so the others needn't come
    const ended = await Promise.allSettled(coming.values());
    await Promise.allSettled(synced);
    for (const one of ended) if (one.status === 'fulfilled') one.value?.close();
    throw error;
  } finally {
    await Promise.allSettled(work);
  }
}

/** What is in the store already isn't fetched. @param synced - gets a promise for each blob, until it is on the disk */
function startAll(wanted: LayersToFetch, synced: Promise<void>[]): Coming {
  const { place, layers, progress } = wanted;
  const inLine = atMost(AT_A_TIME);
  const coming = new Map<Digest, Promise<PartialBlob | undefined>>();
  const missing = layers.filter(
    ({ digest }, at) => at === layers.findIndex((one) => one.digest === digest) && !reserveBlob(place, digest),
  );
  for (const layer of layers) {
    const isThere = !missing.some(({ digest }) => digest === layer.digest);
    progress.layer(shortDigest(layer.digest), isThere && unpackedLayer(layer) ? 'Already exists' : 'Pulling fs layer');
  }
  assertSpace(place, missing);
  for (const layer of missing.slice(AT_A_TIME)) progress.layer(shortDigest(layer.digest), 'Waiting');
  for (const layer of missing)
    coming.set(
      layer.digest,
      inLine(() => fetchLayer(wanted, layer, synced)),
    );
  return coming;
}

async function fetchLayer(
  { repository, place, progress }: LayersToFetch,
  layer: Layer,
  synced: Promise<void>[],
): Promise<PartialBlob> {
  const id = shortDigest(layer.digest);
  repository.signal?.throwIfAborted();
  const file = await fetchBlob({
    ...repository,
    place,
    blob: layer,
    told: (done) => progress.layer(id, 'Downloading', { done, whole: layer.size }),
    again: () => progress.layer(id, 'Retrying'),
  });
  progress.layer(id, 'Verifying Checksum'); // it was, byte for byte as it came
  stage(place, file, layer.digest);
  const written = sync(file.fd); // while it's unpacked, and others are on their way
  written.catch(() => {}); // `fetchLayers` awaits it with the others, and gets the error
  synced.push(written);
  progress.layer(id, 'Download complete');
  if (unpackedLayer(layer)) progress.layer(id, 'Pull complete'); // compressed in another way
  return file;
}

async function unpackAll({ place, layers, progress }: LayersToFetch, coming: Coming): Promise<undefined> {
  await unpackLayers({
    layers,
    async blob({ digest }) {
      await coming.get(digest);
      return stagedPath(place.directory, digest);
    },
    begin: (layer) => progress.layer(shortDigest(layer.digest), 'Extracting'),
    end: (layer) => progress.layer(shortDigest(layer.digest), 'Pull complete'),
  });
}

/** Puts a blob that is whole where an image's are gathered. */
export function stage({ directory }: Workplace, file: PartialBlob, digest: Digest): void {
  try {
    linkSync(file.path, stagedPath(directory, digest));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error; // a config that is a layer as well
  }
}

function assertSpace({ directory }: Workplace, missing: readonly Layer[]): void {
  const { bavail, bsize } = statfsSync(directory);
  const wanted = missing.reduce((sum, { size }) => sum + size, 0);
  if (wanted > bavail * bsize) throw new Error(`its layers have ${wanted} bytes, and only ${bavail * bsize} are free`);
}
