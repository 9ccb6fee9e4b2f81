import { join } from 'node:path';
import { readState, Spoiled } from 'step-07';
import type { Image, Layer } from './image.ts';
import { layerPath } from './places.ts';

/** What is known of an unpacked layer: its file `layer.json`. */
export interface Unpacked {
  readonly diffId: string;
  /** Of its regular files. What docker shows as the size of a layer. */
  readonly bytes: number;
}

/** Undefined if the layer isn't unpacked. */
export function unpackedLayer(layer: Pick<Layer, 'chainId'>): Unpacked | undefined {
  try {
    return readState<Unpacked>(join(layerPath(layer.chainId), 'layer.json'), { diffId: 'string' }, '');
  } catch (error) {
    if (error instanceof Spoiled) return undefined; // it is unpacked again
    throw error;
  }
}

/** Those layers of an image that aren't unpacked, the lowest first. */
export function lackingLayers({ layers }: Pick<Image, 'layers'>): Layer[] {
  return layers.filter((layer) => unpackedLayer(layer) === undefined);
}
