import { readFileSync, rmSync } from 'node:fs';
import type { ImageConfig, Manifest } from 'step-10';
import {
  type Added,
  addImage,
  assertLayerType,
  CONFIG_TYPE,
  chainIds,
  LONGEST_DOCUMENT,
  layersOf,
  openWorkplace,
  type PartialBlob,
  type Platform,
  parseDocument,
  places,
  putBlob,
  reserveBlob,
  reserveLayers,
  stagedPath,
  type Workplace,
} from 'step-10/store';
import { fetchBlob } from './blob.ts';
import { assertSha256, lying, type Manifestation, type Repository } from './documents.ts';
import { RegistryError } from './http/error.ts';
import { fetchLayers, stage } from './layers.ts';
import type { Progress } from './progress/progress.ts';

const CONFIGS = [CONFIG_TYPE, 'application/vnd.docker.container.image.v1+json'];

/** An image that is to be fetched. */
export interface ImageToFetch {
  readonly repository: Repository;
  readonly manifest: Manifestation;
  /** The one that it must be for, if that was asked for. */
  readonly platform: Platform | undefined;
  readonly progress: Progress;
}

/**
 * Fetches an image and puts it in the store. Its layers come in parallel, and each is unpacked onto those below it as soon as they
 * are. Nobody finds it in the store before all of it is there. If it can't be finished, what has come of its blobs stays.
 *
 * @throws {RegistryError} if the registry is at fault
 */
export async function fetchImage({
  repository,
  manifest: { bytes, digest },
  platform,
  progress,
}: ImageToFetch): Promise<Added> {
  const manifest = lying(() => parseDocument('manifest', bytes.toString())) as Manifest;
  assertImage(manifest);
  const place = openWorkplace(places().making);
  let files: PartialBlob[] = [];
  try {
    await putBlob(place, [bytes], digest);
    const config = await fetchConfig(repository, place, manifest);
    assertFor(config, platform);
    const layers = layersOf(manifest, config, chainIds(config.rootfs.diff_ids));
    reserveLayers(
      place,
      layers.map(({ chainId }) => chainId),
    );
    files = await fetchLayers({ repository, place, layers, progress });
    const added = await addImage(place, digest, () => {});
    for (const { path } of files) rmSync(path); // it's a blob of the store's now
    return added;
  } finally {
    for (const file of files) file.close();
    place.close();
  }
}

/** Not a chart, nor a signature, which registries keep as well. */
function assertImage({ config, layers }: Manifest): void {
  if (!CONFIGS.includes(config.mediaType))
    throw new RegistryError(`it's no container's image: its config is of the type ${config.mediaType}`);
  for (const { digest } of [config, ...layers]) assertSha256(digest);
  if (config.size > LONGEST_DOCUMENT)
    throw new RegistryError(`its config has ${config.size} bytes, and ${LONGEST_DOCUMENT} are the most that are read`);
  for (const { mediaType } of layers) lying(() => assertLayerType(mediaType));
}

async function fetchConfig(
  repository: Repository,
  place: Workplace,
  { config, layers }: Manifest,
): Promise<ImageConfig> {
  if (!reserveBlob(place, config.digest)) {
    const file = await fetchBlob({ ...repository, place, blob: config });
    stage(place, file, config.digest);
    rmSync(file.path);
    file.close();
  }
  const text = readFileSync(stagedPath(place.directory, config.digest), 'utf8');
  const read = lying(() => parseDocument('config', text)) as ImageConfig;
  const { diff_ids: diffIds } = read.rootfs;
  if (diffIds?.length === layers.length) return read;
  throw new RegistryError(`its manifest has ${layers.length} layers, and its config ${diffIds?.length ?? 0}`);
}

function assertFor({ os, architecture }: ImageConfig, wanted: Platform | undefined): void {
  if (os === 'linux' && (!wanted || (os === wanted.os && architecture === wanted.architecture))) return;
  throw new RegistryError(
    `it's for ${os}/${architecture}, and ${wanted ? `${wanted.os}/${wanted.architecture}` : 'linux'} was wanted`,
  );
}
