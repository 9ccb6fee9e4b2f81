import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Descriptor, Digest } from '../src/index.ts';
import { digestOf } from '../src/store/blobs.ts';
import { archive, type Given } from './archives.ts';

/** An image of a test's: the blobs that it is made of, and its manifest. */
export interface Made {
  readonly id: Digest;
  readonly manifest: Descriptor;
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
  readonly blobs: ReadonlyMap<Digest, Buffer>;
}

/** What an image is made of, where a test wants it in another way. */
export interface Wanted {
  /** Tar archives. */
  readonly layers?: readonly Buffer[];
  readonly compress?: ((tar: Buffer) => Buffer) | undefined;
  readonly config?: object;
  readonly diffIds?: readonly string[];
  readonly mediaType?: string;
}

const TYPES = 'application/vnd.oci.image';

/** Makes an image in memory. */
export function imageOf({
  layers = [archive({ path: 'etc/' }, { path: 'etc/name', body: 'one' })],
  ...wanted
}: Wanted): Made {
  const { compress = gzipSync, config = {}, diffIds = layers.map(digestOf), mediaType } = wanted;
  const blobs = new Map<Digest, Buffer>();
  const put = (type: string, bytes: Buffer): Descriptor => {
    blobs.set(digestOf(bytes), bytes);
    return { mediaType: type, digest: digestOf(bytes), size: bytes.length };
  };
  const json = (type: string, value: object) => put(`${TYPES}.${type}.v1+json`, Buffer.from(JSON.stringify(value)));
  const rootfs = { type: 'layers', diff_ids: diffIds };
  const about = json('config', {
    architecture: 'amd64',
    os: 'linux',
    created: '2026-01-02T03:04:05Z',
    ...config,
    rootfs,
  });
  const described = layers.map((tar) => put(mediaType ?? `${TYPES}.layer.v1.tar+gzip`, compress(tar)));
  const manifest = json('manifest', {
    schemaVersion: 2,
    mediaType: `${TYPES}.manifest.v1+json`,
    config: about,
    layers: described,
  });
  return { id: about.digest, manifest, config: about, layers: described, blobs };
}

/** The files of an OCI image layout. */
export function layoutFiles(images: readonly (readonly [Made, name?: string])[]): Map<string, Buffer> {
  const manifests = images.map(([{ manifest }, name]) => ({
    ...manifest,
    ...(name !== undefined && { annotations: { 'org.opencontainers.image.ref.name': name } }),
  }));
  const files = new Map<string, Buffer>([
    ['oci-layout', Buffer.from('{"imageLayoutVersion":"1.0.0"}')],
    ['index.json', Buffer.from(JSON.stringify({ schemaVersion: 2, manifests }))],
  ]);
  for (const [{ blobs }] of images)
    for (const [digest, bytes] of blobs) files.set(`blobs/sha256/${digest.slice(7)}`, bytes);
  return files;
}

/** The same as docker save made it before there were layouts. */
export function dockerFiles(images: readonly (readonly [Made, name: string])[]): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  const list = images.map(([{ config, layers, blobs }, name]) => {
    const add = (path: string, { digest }: Descriptor) => {
      files.set(path, blobs.get(digest) as Buffer);
      return path;
    };
    const names = layers.map((layer) => add(`${layer.digest.slice(7)}/layer.tar`, layer));
    return { Config: add(`${config.digest.slice(7)}.json`, config), RepoTags: [name], Layers: names };
  });
  return files.set('manifest.json', Buffer.from(JSON.stringify(list)));
}

/** Writes files as a tar archive. */
export function writeTar(path: string, files: ReadonlyMap<string, Buffer>, ...more: Given[]): string {
  writeFileSync(path, archive(...[...files].map(([name, body]) => ({ path: name, body })), ...more));
  return path;
}

/** Writes them as a directory. */
export function writeDirectory(path: string, files: ReadonlyMap<string, Buffer>): string {
  for (const [name, body] of files) {
    mkdirSync(join(path, name, '..'), { recursive: true });
    writeFileSync(join(path, name), body);
  }
  return path;
}
