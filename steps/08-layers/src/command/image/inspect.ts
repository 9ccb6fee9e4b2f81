import { inspection, NO_LIST, NO_MAP, Struct } from 'step-07';
import { familiarName, familiarRepository } from '../../reference.ts';
import type { Image } from '../../store/image.ts';
import { namesOf } from '../../store/names.ts';
import { imageNamed } from './named.ts';
import { sizeOf } from './summary.ts';

/** Prints images as docker's API describes them. Those that aren't there are named, and the rest is printed. */
export function inspect({ format }: { readonly format?: string }, names: readonly string[]): number {
  return inspection(names, inspectedImage, format);
}

/** All that is known of an image, as docker's API has it. */
export function inspectedImage(called: string): Struct {
  const image = imageNamed(called);
  const { config, layers } = image;
  const names = namesOf(image.id);
  const lowers = layers.map(({ directory }) => directory).reverse();
  return new Struct('image.InspectResponse', {
    Id: image.id,
    RepoTags: names.filter(({ tag }) => tag !== undefined).map(familiarName),
    RepoDigests: names
      .filter(({ digest }) => digest !== undefined)
      .map((name) => `${familiarRepository(name)}@${name.digest}`),
    Comment: config.comment ?? config.history?.at(-1)?.comment ?? '',
    Created: config.created ?? '',
    Author: config.author ?? '',
    Config: new Struct('v1.DockerOCIImageConfig', withSets(config.config ?? {}), UNSET),
    Architecture: config.architecture,
    Os: config.os,
    Size: sizeOf(image),
    GraphDriver: { Data: { LowerDir: lowers.slice(1).join(':'), UpperDir: lowers[0] }, Name: 'overlay2' },
    RootFS: { Type: 'layers', Layers: layers.map(({ diffId }) => diffId) },
    Descriptor: { digest: image.manifest },
  });
}

/** The ports and volumes are sets to Go: maps to structs without fields. */
function withSets(config: NonNullable<Image['config']['config']>): Record<string, unknown> {
  const sets = (['ExposedPorts', 'Volumes'] as const).flatMap((field) => {
    const set = Object.keys(config[field] ?? {}).map((name) => [name, new Struct('struct {}', {})]);
    return set.length > 0 ? [[field, Object.fromEntries(set)]] : [];
  });
  return { ...config, ...Object.fromEntries(sets) };
}

/** What an image's config says of what it says nothing of. */
const UNSET = {
  ...{ User: '', WorkingDir: '', StopSignal: '', ArgsEscaped: false, Healthcheck: null },
  ...{ Env: NO_LIST, Entrypoint: NO_LIST, Cmd: NO_LIST, OnBuild: NO_LIST, Shell: NO_LIST },
  ...{ ExposedPorts: NO_MAP, Volumes: NO_MAP, Labels: NO_MAP },
};
