import { existsSync } from 'node:fs';
import { containerPath, directoriesIn, findImage, sizeOf } from 'step-10';
import { unpackedLayer } from 'step-10/store';
import type { BoxRecord } from '../containers/record.ts';

/** Bytes of a container's files. */
export interface Sizes {
  /** Of what it wrote. */
  readonly own: number;
  /** Of that and its image. */
  readonly all: number;
}

/** Counts what a container's files take. It looks at each of them. */
export function sizesOf({ id, image }: BoxRecord): Sizes {
  const { upper } = directoriesIn(containerPath(id));
  const own = existsSync(upper) ? sizeOf(upper) : 0;
  const layers = image === undefined ? [] : (findImage(image)?.layers ?? []);
  return { own, all: layers.reduce((sum, layer) => sum + (unpackedLayer(layer)?.bytes ?? 0), own) };
}
