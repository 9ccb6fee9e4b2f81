import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseReference, withTag } from 'step-10';
import { digestOf } from 'step-10/store';
import { archive } from '../../../steps/08-layers/test/archives.ts';
import { imageOf, type Made, type Wanted } from '../../../steps/08-layers/test/images.ts';
import type { Progress } from '../../src/registry/progress/progress.ts';
import { type PullOptions, pull } from '../../src/registry/pull.ts';
import type { Named } from './server.ts';

/** Tries again at once: what is tested is that it does, not how long it waits. */
export const PATIENCE = { first: 1, times: 3 };

/** What was told of a pull, without numbers. */
export class Told implements Progress {
  readonly all: string[] = [];

  line(text: string): void {
    this.all.push(text);
  }

  layer(id: string, status: string): void {
    if (this.all.findLast((line) => line.startsWith(id)) !== `${id}: ${status}`) this.all.push(`${id}: ${status}`);
  }
}

/** Pulls, and gives what came of it: with the contents of a file of the topmost layer. */
export async function pulled(name: string, options: Partial<PullOptions> = {}) {
  const told = new Told();
  const wanted = { progress: told, patience: PATIENCE, ...options };
  const { image, ...rest } = await pull(withTag(parseReference(name)), wanted);
  const file = readFileSync(join(image.layers.at(-1)?.directory ?? '', 'name'), 'utf8');
  return { ...rest, id: image.id, file, told: told.all };
}

/** How a pull ends that must fail: in one sentence. */
export async function sentence(name: string, options: Partial<PullOptions> = {}): Promise<string> {
  const error = await pulled(name, options).catch((error: Error) => error);
  return error instanceof Error ? error.message : 'it was pulled';
}

/** An image of layers that nobody else has, each of some kB that don't compress. */
export function newImage(word: string, layers = 1, wanted: Wanted = {}): Made {
  const noise = (nth: number) =>
    Buffer.concat(
      Array.from({ length: 4000 }, (_, at) => Buffer.from(digestOf(`${word} ${nth} ${at}`).slice(7), 'hex')),
    );
  const tars = Array.from({ length: layers }, (_, nth) =>
    archive({ path: 'name', body: word }, { path: `noise${nth}`, body: noise(nth) }),
  );
  return imageOf({ layers: tars, ...wanted });
}

/** A document that isn't an image's manifest. */
export function json(mediaType: string, value: object): Named {
  return { mediaType, bytes: Buffer.from(JSON.stringify(value)) };
}
