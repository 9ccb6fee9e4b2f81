import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyLayer } from '../layer.ts';
import { type OpenArchive, openArchive } from '../tar/open.ts';
import { moveOnce } from './files.ts';
import type { Image, Layer } from './image.ts';
import { layerTar } from './layer-tar.ts';
import { blobPath, layerPath, places } from './places.ts';
import { lackingLayers, type Unpacked, unpackedLayer } from './unpacked.ts';
import { openWorkplace, type Workplace } from './workplace.ts';

/** Layers that are to be unpacked, each when its blob is there. */
export interface Coming {
  /** The lowest first. They, and their blobs, must be kept from being removed. */
  readonly layers: readonly Layer[];
  /** The path of a layer's blob. */
  blob(layer: Layer): string | Promise<string>;
  /** One is about to be unpacked. */
  begin(layer: Layer): void;
  end?(layer: Layer): void;
}

/**
 * Unpacks those layers of an image that aren't, each onto those below it. The image must be kept from being removed.
 *
 * @throws {Error} that names the layer, if it isn't what the image says, or is damaged, or hostile
 */
export async function provideLayers({ layers }: Image, say: (line: string) => void): Promise<void> {
  await unpackLayers({
    layers,
    blob: ({ digest }) => blobPath(digest),
    begin: (layer) => say(`Unpacking layer ${layers.indexOf(layer) + 1} of ${layers.length}`),
  });
}

/** The same of layers that may still be on their way. @throws {Error} also if one doesn't come */
export async function unpackLayers({ layers, blob, begin, end }: Coming): Promise<void> {
  const lacking = lackingLayers({ layers });
  if (lacking.length === 0) return;
  const place = openWorkplace(places().unpacking);
  const open = async (layer: Layer | undefined) => layer && openArchive(await blob(layer));
  let next = open(lacking[0]);
  try {
    for (const [nth, layer] of lacking.entries()) {
      const archive = (await next) as OpenArchive;
      next = open(lacking[nth + 1]); // what it holds is decompressed while this one is being written
      next.catch(() => {}); // who waits for it gets that
      begin(layer);
      await unpackLayer(place, layers, layer, layerTar(archive, layer.diffId));
      end?.(layer);
    }
  } finally {
    next.then((archive) => archive?.close()).catch(() => {});
    place.close();
  }
}

async function unpackLayer(
  { directory }: Workplace,
  layers: readonly Layer[],
  layer: Layer,
  tar: AsyncIterable<Buffer>,
): Promise<void> {
  const at = layers.indexOf(layer);
  const making = join(directory, String(at));
  const diff = join(making, 'diff');
  mkdirSync(diff, { recursive: true, mode: 0o755 });
  const below = layers.slice(0, at).map((one) => one.directory);
  try {
    const { bytes } = await applyLayer(tar, below.reverse(), diff);
    writeFileSync(join(making, 'layer.json'), JSON.stringify({ diffId: layer.diffId, bytes } satisfies Unpacked));
  } catch (error) {
    const which = `layer ${at + 1} of ${layers.length} (${layer.digest.slice(0, 19)}…)`;
    throw new Error(`${which} can't be unpacked: ${(error as Error).message}`, { cause: error });
  }
  moveOnce(making, layerPath(layer.chainId));
  if (unpackedLayer(layer)) return;
  const file = join(layerPath(layer.chainId), 'layer.json'); // it was there, but for that file, or that was spoiled
  rmSync(file, { recursive: true, force: true });
  renameSync(join(making, 'layer.json'), file);
}
