import { inspection, NO_LIST, NO_MAP, Struct } from 'step-07';
import { familiarName, familiarRepository } from '../../reference.ts';
import type { Image } from '../../store/image.ts';
import { lastNamed, namesOf } from '../../store/names.ts';
import { imageNamed } from './named.ts';
import { assertPlatform } from './platform.ts';
import { sizeOf } from './summary.ts';

/** Prints images as docker's API describes them. Those that aren't there are named, and the rest is printed. */
export function inspect({ format, platform }: InspectFlags, names: readonly string[]): number {
  const told = (name: string) => {
    const image = imageNamed(name);
    assertPlatform(name, image, platform);
    return inspected(image);
  };
  return inspection(names, told, format);
}

interface InspectFlags {
  readonly format?: string;
  readonly platform?: string;
}

/** All that is known of an image, as docker's API has it. */
export function inspectedImage(called: string): Struct {
  return inspected(imageNamed(called));
}

function inspected(image: Image): Struct {
  const { config, layers } = image;
  const names = namesOf(image.id);
  const lowers = layers.map(({ directory }) => directory).reverse();
  const known = {
    Id: image.id,
    RepoTags: names.filter(({ tag }) => tag !== undefined).map(familiarName),
    RepoDigests: names
      .filter(({ digest }) => digest !== undefined)
      .map((name) => `${familiarRepository(name)}@${name.digest}`),
    Parent: '',
    Comment: config.comment ?? config.history?.at(-1)?.comment ?? '',
    Created: config.created ?? '',
    DockerVersion: config.docker_version ?? '',
    Author: config.author ?? '',
    Config: configOf(config.config ?? {}),
    Architecture: config.architecture,
    Os: config.os,
    Size: sizeOf(image),
    GraphDriver: { Data: { LowerDir: lowers.slice(1).join(':'), UpperDir: lowers[0] }, Name: 'overlay2' },
    RootFS: { Type: 'layers', Layers: layers.map(({ diffId }) => diffId) },
    Metadata: new Struct('image.Metadata', { LastTagTime: lastNamed(image.id) }),
    Descriptor: { digest: image.manifest },
  };
  return new Struct('image.InspectResponse', known, { Variant: config.variant ?? '', OsVersion: '', VirtualSize: 0 });
}

/** To a template it has the fields that are set; the whole of it is printed with those of docker's older API, by name. */
function configOf(config: NonNullable<Image['config']['config']>): Struct {
  const set = ofImage(config);
  const all = Object.entries({ ...ALWAYS, ...set }).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return Object.defineProperties(new Struct('v1.DockerOCIImageConfig', set, UNSET), {
    toJSON: { value: () => Object.fromEntries(all) },
    asJson: { value: () => JSON.stringify(set) },
  });
}

const ALWAYS = {
  ...{ Cmd: null, Entrypoint: null, Env: null, Labels: null, OnBuild: null, User: '', Volumes: null, WorkingDir: '' },
};

/** Those fields of a config that are an image's: a container's, such as its Hostname, are in what docker commits. */
function ofImage(config: NonNullable<Image['config']['config']>): Record<string, unknown> {
  const all = withSets(config);
  const set = Object.keys(UNSET).filter((name) => !isEmpty(all[name]));
  return Object.fromEntries(set.map((name) => [name, all[name]]));
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null ? Object.keys(value).length === 0 : !value;
}

/** The ports and volumes are sets to Go: maps to structs without fields. */
function withSets(config: NonNullable<Image['config']['config']>): Record<string, unknown> {
  const sets = (['ExposedPorts', 'Volumes'] as const).flatMap((field) => {
    const set = Object.keys(config[field] ?? {}).map((name) => [name, new Struct('struct {}', {})]);
    return set.length > 0 ? [[field, Object.fromEntries(set)]] : [];
  });
  return { ...config, ...Object.fromEntries(sets) };
}

/** What an image's config says of what it says nothing of, in docker's order. */
const UNSET = {
  ...{ User: '', ExposedPorts: NO_MAP, Env: NO_LIST, Entrypoint: NO_LIST, Cmd: NO_LIST, Volumes: NO_MAP },
  ...{ WorkingDir: '', Labels: NO_MAP, StopSignal: '', ArgsEscaped: false, Healthcheck: null },
  ...{ OnBuild: NO_LIST, Shell: NO_LIST },
};
