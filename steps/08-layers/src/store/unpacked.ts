import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyLayer } from '../layer.ts';
import { moveOnce, textOf } from './files.ts';
import type { Image, Layer } from './image.ts';
import { layerTar, readAhead } from './layer-tar.ts';
import { blobPath, layerPath, places } from './places.ts';
import { openWorkplace, type Workplace } from './workplace.ts';

/** What is known of an unpacked layer: its file `layer.json`. */
export interface Unpacked {
  readonly diffId: string;
  /** Of its regular files. What docker shows as the size of a layer. */
  readonly bytes: number;
}

/** Undefined if the layer isn't unpacked. */
export function unpackedLayer(layer: Pick<Layer, 'chainId'>): Unpacked | undefined {
  const text = textOf(join(layerPath(layer.chainId), 'layer.json'));
  return text === undefined ? undefined : (JSON.parse(text) as Unpacked);
}

/**
 * Unpacks those layers of an image that aren't, each onto those below it. The image must be kept from being removed.
 *
 * @throws {Error} that names the layer, if it isn't what the image says, or is damaged, or hostile
 */
export async function provideLayers(image: Image, say: (line: string) => void): Promise<void> {
  const lacking = image.layers.filter((layer) => unpackedLayer(layer) === undefined);
  if (lacking.length === 0) return;
  const place = openWorkplace(places().unpacking);
  try {
    const tars = lacking.map((layer) => () => readAhead(layerTar(blobPath(layer.digest), layer.diffId)));
    let next = tars.shift()?.();
    for (const layer of lacking) {
      const tar = next as AsyncIterable<Buffer>;
      next = tars.shift()?.();
      say(`Unpacking layer ${image.layers.indexOf(layer) + 1} of ${image.layers.length}`);
      await unpackLayer(place, image, layer, tar);
    }
  } finally {
    place.close();
  }
}

async function unpackLayer(
  { directory }: Workplace,
  { layers }: Image,
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
}
