import { fill, put, say } from 'step-07';
import { familiarName, familiarRepository } from '../../reference.ts';
import type { Image } from '../../store/image.ts';
import { namesOf } from '../../store/names.ts';
import { imageNamed } from './named.ts';
import { sizeOf } from './summary.ts';

/** Prints images as docker's API describes them. Those that aren't there are named, and the rest is printed. */
export function inspect({ format }: { readonly format?: string }, names: readonly string[]): number {
  const found: object[] = [];
  const errors: string[] = [];
  for (const name of names) {
    try {
      found.push(described(imageNamed(name)));
    } catch (error) {
      errors.push((error as Error).message);
    }
  }
  if (format === undefined) put(`${JSON.stringify(found, null, 4)}\n`);
  else for (const one of found) put(`${format === 'json' ? JSON.stringify(one) : fill(format, one)}\n`);
  for (const error of errors) say(error);
  return errors.length > 0 ? 1 : 0;
}

function described(image: Image): object {
  const { config, layers } = image;
  const names = namesOf(image.id);
  const lowers = layers.map(({ directory }) => directory).reverse();
  return {
    Id: image.id,
    RepoTags: names.filter(({ tag }) => tag !== undefined).map(familiarName),
    RepoDigests: names
      .filter(({ digest }) => digest !== undefined)
      .map((name) => `${familiarRepository(name)}@${name.digest}`),
    Comment: config.comment ?? config.history?.at(-1)?.comment ?? '',
    Created: config.created ?? '',
    Author: config.author ?? '',
    Config: config.config ?? null,
    Architecture: config.architecture,
    Os: config.os,
    Size: sizeOf(image),
    GraphDriver: { Data: { LowerDir: lowers.slice(1).join(':'), UpperDir: lowers[0] }, Name: 'overlay2' },
    RootFS: { Type: 'layers', Layers: layers.map(({ diffId }) => diffId) },
    Descriptor: { digest: image.manifest },
  };
}
