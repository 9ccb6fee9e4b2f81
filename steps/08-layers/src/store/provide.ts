import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyLayer } from '../layer.ts';
import { type OpenArchive, openArchive } from '../tar/open.ts';
import { moveOnce } from './files.ts';
import type { Image, Layer } from './image.ts';
import { layerTar } from './layer-tar.ts';
import { blobPath, layerPath, places } from './places.ts';
import { lackingLayers, type Unpacked } from './unpacked.ts';
import { openWorkplace, type Workplace } from './workplace.ts';

/**
 * Unpacks those layers of an image that aren't, each onto those below it. The image must be kept from being removed.
 *
 * @throws {Error} that names the layer, if it isn't what the image says, or is damaged, or hostile
 */
export async function provideLayers(image: Image, say: (line: string) => void): Promise<void> {
  const lacking = lackingLayers(image);
  if (lacking.length === 0) return;
  const place = openWorkplace(places().unpacking);
  const opening = lacking.values().map(({ digest }) => openArchive(blobPath(digest)));
  let next = opening.next().value;
  try {
    for (const layer of lacking) {
      const archive = next as OpenArchive;
      next = opening.next().value; // what it holds is decompressed while this one is being written
      say(`Unpacking layer ${image.layers.indexOf(layer) + 1} of ${image.layers.length}`);
      await unpackLayer(place, image, layer, layerTar(archive, layer.diffId));
    }
  } finally {
    next?.close();
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
