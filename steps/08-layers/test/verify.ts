import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fullName } from '../src/reference.ts';
import { chainIds } from '../src/store/add.ts';
import { digestOf } from '../src/store/blobs.ts';
import { readImage } from '../src/store/find.ts';
import type { Digest } from '../src/store/image.ts';
import { namesOf } from '../src/store/names.ts';
import { blobPath, hex, idPath, layerPath, places } from '../src/store/places.ts';
import { idsWith, list } from '../src/store/record.ts';

/**
 * Looks at all of the store: is each blob what it's called, each image whole, each name an image's, and each unpacked layer
 * the tree that it was elsewhere?
 *
 * @param layers - what trees of layers are, by chain id: what isn't known yet is added
 * @returns what is wrong, a line each
 */
export function wrongInStore(layers: Map<string, string>): string[] {
  const blobs = list(places().blobs).filter(
    (name) => digestOf(readFileSync(join(places().blobs, name))) !== `sha256:${name}`,
  );
  const names = namesIn(places().names, '');
  const nowhere = names.filter(({ id }) => readImage(id) === undefined);
  const unknown = names.filter(({ name, id }) => !namesOf(id).map(fullName).includes(name));
  const trees = list(places().layers).filter((name) => /^[a-f0-9]{64}$/.test(name) && !isAsKnown(name, layers));
  return [
    ...blobs.map((name) => `the blob ${name} is another`),
    ...nowhere.map(({ name }) => `the name ${name} leads nowhere`),
    ...unknown.map(({ name, id }) => `${id} doesn't know that it's called ${name}`),
    ...trees.map((name) => `the layer ${name} isn't whole`),
    ...idsWith('').flatMap(wrongInImage),
  ];
}

function wrongInImage(id: Digest): string[] {
  const image = readImage(id);
  if (image === undefined) return [`${id} has no record`];
  const { diff_ids: diffIds } = image.config.rootfs;
  const blobs = [image.manifest, id, ...image.layers.map(({ digest }) => digest)];
  const isLinked = (digest: Digest) => statSync(join(idPath(id), hex(digest))).ino === statSync(blobPath(digest)).ino;
  return [
    ...blobs.filter((digest) => !isLinked(digest)).map((digest) => `${id} lacks its own link to ${digest}`),
    ...(chainIds(diffIds).join() === image.layers.map(({ chainId }) => chainId).join()
      ? []
      : [`${id} has other chain ids`]),
  ];
}

function isAsKnown(name: string, layers: Map<string, string>): boolean {
  const directory = layerPath(`sha256:${name}`);
  const tree = treeOf(join(directory, 'diff'));
  const known = layers.get(name) ?? tree;
  layers.set(name, known);
  return known === tree && list(directory).includes('layer.json');
}

/**
 * All that is in a tree: names, kinds, owners, times, attributes and contents, but for what overlay notes of lower inodes. A
 * whiteout only says that a name is gone: the kernel makes it, with the time at which it does.
 */
export function treeOf(directory: string): string {
  const attributes = [
    '--xattrs',
    '--xattrs-include=*',
    ...['origin', 'impure', 'uuid'].map((name) => `--xattrs-exclude=trusted.overlay.${name}`),
  ];
  const format = ['--sort=name', '--format=posix', '--pax-option=delete=atime,delete=ctime'];
  const find = ['.', '-type', 'c', '-exec', 'stat', '-c', '%t:%T %n', '{}', '+'];
  const devices = execFileSync('find', find, { cwd: directory, encoding: 'utf8' }).split('\n').sort();
  const whiteouts = devices.flatMap((line) => /^0:0 (.*)/.exec(line)?.slice(1) ?? []).join('\n');
  const without = ['--no-wildcards', '--anchored', '--exclude-from=-'];
  const rest = execFileSync('tar', ['-C', directory, ...attributes, ...format, ...without, '-cf', '-', '.'], {
    input: whiteouts,
    maxBuffer: 1 << 28,
  });
  return digestOf(Buffer.concat([Buffer.from(whiteouts), rest]));
}

/** As `fullName` writes them: a tag or a digest is a file in the directory of its repository. */
function namesIn(directory: string, above: string): { name: string; id: Digest }[] {
  return list(directory).flatMap((file) => {
    const path = join(directory, file);
    if (statSync(path).isDirectory()) return namesIn(path, `${above}${file}/`);
    return [{ name: `${above.slice(0, -1)}${file}`, id: readFileSync(path, 'utf8') as Digest }];
  });
}
