import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { needs } from '../../../test/needs.ts';
import { load } from '../src/load/load.ts';
import { familiarName } from '../src/reference.ts';
import { digestOf } from '../src/store/blobs.ts';
import { findImage } from '../src/store/find.ts';
import { hex, places } from '../src/store/places.ts';
import { idsWith, list } from '../src/store/record.ts';
import { discardImage, removing } from '../src/store/remove.ts';
import { archive } from './archives.ts';
import { dockerFiles, imageOf, layoutFiles, type Made, type Wanted, writeDirectory, writeTar } from './images.ts';
import { wrongInStore } from './verify.ts';

let top: string;
beforeEach((context) => {
  needs('root', 'overlay')(context);
  top = mkdtempSync(join(tmpdir(), 'boxstep-load-'));
});
afterEach(() => {
  if (top) rmSync(top, { recursive: true, force: true });
});

const at = (name: string) => join(top, name);

/** Loads, and gives what is in the store then: names, and a file of each image's topmost layer. */
async function loaded(path: string, file = 'etc/name') {
  const all = await load({ path, say: () => {} });
  for (const { release } of all) release();
  return all.map(({ image, names }) => {
    const top = image.layers.at(-1)?.directory as string;
    return { id: image.id, names: names.map(familiarName), file: readFileSync(join(top, file), 'utf8') };
  });
}

function oneOf(word: string, wanted: Wanted = {}): Made {
  return imageOf({ layers: [archive({ path: 'etc/' }, { path: 'etc/name', body: word })], ...wanted });
}

describe('an image is loaded', () => {
  const made = (word: string): readonly [Made, string] => [oneOf(word), `${word}:1`];

  test('from an OCI layout, a directory or a tar archive, compressed or not', async () => {
    const [image, name] = made('layout');
    const files = layoutFiles([[image, name]]);
    const tar = readFileSync(writeTar(at('a.tar'), files));
    writeFileSync(at('b.tar.gz'), gzipSync(tar));
    writeFileSync(at('c.tar.zst'), zstdCompressSync(tar));
    const expected = [{ id: image.id, names: ['layout:1'], file: 'layout' }];
    for (const path of [writeDirectory(at('d'), files), at('a.tar'), at('b.tar.gz'), at('c.tar.zst')])
      expect(await loaded(path)).toEqual(expected);
    expect(findImage('layout:1')?.manifest).toBe(image.manifest.digest);
  });

  test("from docker's archive, with one image or several", async () => {
    const images = [made('docker1'), made('docker2')] as const;
    expect(await loaded(writeTar(at('a.tar'), dockerFiles(images)))).toEqual([
      { id: images[0][0].id, names: ['docker1:1'], file: 'docker1' },
      { id: images[1][0].id, names: ['docker2:1'], file: 'docker2' },
    ]);
  });

  test('whatever order an archive is in, and where a layer is a link to another', async () => {
    const [image, name] = made('order');
    const files = dockerFiles([[image, name]]);
    const layer = [...files.keys()].find((path) => path.endsWith('layer.tar')) as string;
    const moved = new Map([...files].reverse().map(([path, body]) => [path === layer ? 'x/real.tar' : path, body]));
    const tar = writeTar(at('a.tar'), moved, { path: layer, type: 'symlink', linkpath: '../x/real.tar' });
    expect(await loaded(tar)).toMatchObject([{ id: image.id, file: 'order' }]);
  });

  test('by the name of its archive, where that has but a tag', async () => {
    const tar = writeTar(at('My-App.tar.gz'), layoutFiles([[oneOf('tag'), 'v2']]));
    expect(await loaded(tar)).toMatchObject([{ names: ['my-app:v2'] }]);
  });

  test('with layers compressed with gzip, zstd, or not at all, in several frames', async () => {
    const half = (compress: (bytes: Buffer) => Buffer) => (tar: Buffer) =>
      Buffer.concat([compress(tar.subarray(0, 700)), compress(tar.subarray(700))]);
    const skippable = Buffer.from('502a4d18030000006e6f21', 'hex');
    const zstd = (tar: Buffer) => Buffer.concat([skippable, zstdCompressSync(tar), skippable]);
    const ways = [half(gzipSync), half(zstdCompressSync), zstd, (tar: Buffer) => tar];
    for (const [way, compress] of ways.entries()) {
      const image = oneOf(`way${way}`, { compress });
      expect(await loaded(writeTar(at('a.tar'), layoutFiles([[image]])))).toMatchObject([{ file: `way${way}` }]);
    }
  });

  test('with the same layer twice, and one without an entry', async () => {
    const one = archive({ path: 'etc/' }, { path: 'etc/name', body: 'twice' });
    const layers = [one, archive(), Buffer.alloc(0), one];
    const tar = writeTar(at('a.tar'), dockerFiles([[imageOf({ layers, compress: (bytes) => bytes }), 'twice:1']]));
    expect(await loaded(tar)).toMatchObject([{ file: 'twice' }]);
    expect(new Set(findImage('twice:1')?.layers.map(({ chainId }) => chainId)).size).toBe(4);
  });

  test("for this machine's platform, where an index has several", async () => {
    const [ours, theirs] = [oneOf('ours'), oneOf('theirs')];
    const platforms = ['amd64', 'arm64', 's390x'].map((architecture) => ({ os: 'linux', architecture }));
    const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
    const manifests = platforms.map((platform) => ({
      ...(platform.architecture === architecture ? ours : theirs).manifest,
      platform,
    }));
    const index = Buffer.from(JSON.stringify({ schemaVersion: 2, manifests }));
    const files = layoutFiles([[ours], [theirs]]);
    expect(await loaded(writeDirectory(at('d'), imageWithIndex(files, index)))).toMatchObject([{ file: 'ours' }]);
  });
});

/** A layout whose index.json names one index alone. */
function imageWithIndex(files: Map<string, Buffer>, index: Buffer): Map<string, Buffer> {
  const digest = digestOf(index);
  const manifests = [{ mediaType: 'application/vnd.oci.image.index.v1+json', digest, size: index.length }];
  return new Map(files)
    .set(`blobs/sha256/${hex(digest)}`, index)
    .set('index.json', Buffer.from(JSON.stringify({ schemaVersion: 2, manifests })));
}

describe('what is wrong with an archive is said in one sentence, and nothing of it stays', () => {
  const image = oneOf('wrong');
  const without = (files: Map<string, Buffer>, part: string) =>
    new Map([...files].filter(([name]) => !name.includes(part)));
  const wrongs: Record<string, [files: () => Map<string, Buffer>, says: RegExp]> = {
    'a blob that is another': [
      () => layoutFiles([[image]]).set(`blobs/sha256/${image.layers[0]?.digest.slice(7)}`, Buffer.from('x')),
      /its digest is sha256:.*, and sha256:.* was announced/,
    ],
    'a layer that is missing': [
      () => without(layoutFiles([[image]]), image.layers[0]?.digest.slice(7) as string),
      /it lacks the blob sha256:/,
    ],
    'a layer that is missing from manifest.json': [
      () => without(dockerFiles([[image, 'x']]), 'layer.tar'),
      /manifest.json names ".*layer.tar", which it lacks/,
    ],
    'a layer that unpacks to another archive than the config says': [
      () => layoutFiles([[oneOf('wrong', { diffIds: [`sha256:${'a'.repeat(64)}`] })]]),
      /layer 1 of 1 .* the archive in it has the digest sha256:.*, and the image's config says sha256:aaaa/,
    ],
    'more layers in the config than in the manifest': [
      () => layoutFiles([[oneOf('wrong', { diffIds: [] })]]),
      /its manifest has 1 layers, and its config 0/,
    ],
    'a layer of an unknown kind': [
      () => layoutFiles([[oneOf('wrong', { mediaType: 'application/wasm' })]]),
      /a layer of the type application\/wasm is not a tar archive/,
    ],
    'a size that isn’t so': [
      () => {
        const files = layoutFiles([[image]]);
        const name = `blobs/sha256/${image.manifest.digest.slice(7)}`;
        const lying = Buffer.from(String(files.get(name)).replace(`"size":${image.layers[0]?.size}`, '"size":7'));
        return dockerless(without(files, image.manifest.digest.slice(7)), lying);
      },
      /the blob sha256:.* has \d+ bytes, and the manifest says 7/,
    ],
    'a document that would fill the memory': [
      () => layoutFiles([[image]]).set('index.json', Buffer.alloc(5 << 20, 0x20)),
      /its index has 5242880 bytes, and 4194304 are the most that are read/,
    ],
    'no image at all': [() => new Map([['etc/passwd', Buffer.from('x')]]), /it contains no image/],
    'nested indexes without end': [() => deepIndexes(6), /more than 4 deep/],
  };

  /** A layout whose index names one manifest that is given as bytes. */
  function dockerless(files: Map<string, Buffer>, manifest: Buffer): Map<string, Buffer> {
    const digest = digestOf(manifest);
    const manifests = [{ ...image.manifest, digest, size: manifest.length }];
    const index = Buffer.from(JSON.stringify({ schemaVersion: 2, manifests }));
    return files.set(`blobs/sha256/${hex(digest)}`, manifest).set('index.json', index);
  }

  function deepIndexes(depth: number): Map<string, Buffer> {
    let files = layoutFiles([[image]]);
    for (let left = depth; left > 0; left--) files = imageWithIndex(files, files.get('index.json') as Buffer);
    return files;
  }

  test.each(Object.entries(wrongs))('%s', async (_, [files, says]) => {
    const before = storeFiles();
    await expect(loaded(writeTar(at('a.tar'), files()))).rejects.toThrow(says);
    expect(storeFiles()).toEqual(before);
  });

  test('names that lead out, devices, and files that are there twice', async () => {
    const files = layoutFiles([[image]]);
    mkdirSync(at('victim'));
    const out = ['../victim/a', '/../victim/b', `${top}/victim/c`].map((path) => ({ path, body: 'x' }));
    const devices = [
      { path: 'dev/sda', type: 'block' as const, major: 8, minor: 0 },
      { path: 'victim', type: 'symlink' as const, linkpath: at('victim') },
      { path: 'victim/d', body: 'x' },
    ];
    expect(await loaded(writeTar(at('a.tar'), files, ...out, ...devices))).toMatchObject([{ id: image.id }]);
    expect(list(at('victim'))).toEqual([]);
    const twice = writeTar(at('b.tar'), files, { path: './index.json', body: '{}' });
    await expect(loaded(twice)).rejects.toThrow('it has two files called "index.json"');
  });

  test('an archive that is cut short', async () => {
    const whole = readFileSync(writeTar(at('a.tar'), layoutFiles([[oneOf('cut')]])));
    for (const length of [100, 600, 3000]) {
      writeFileSync(at('b.tar'), whole.subarray(0, length));
      await expect(loaded(at('b.tar'))).rejects.toThrow(/b.tar can't be loaded: .*(cut short|no image)/);
    }
  });
});

function storeFiles(): string[] {
  const { blobs, ids, chains, layers, making } = places();
  return [blobs, ids, chains, layers, making].flatMap((directory) =>
    list(directory).map((name) => join(directory, name)),
  );
}

test('several loads at once share what is the same, and one that removes meanwhile takes nothing from them', async () => {
  const below = archive(...Array.from({ length: 200 }, (_, n) => ({ path: `d/${n}`, body: 'x'.repeat(n) })));
  const images = ['c1', 'c2', 'c3'].map((word) =>
    imageOf({ layers: [below, archive({ path: 'etc/name', body: word })] }),
  );
  const tars = images.map((image, n) => writeTar(at(`${n}.tar`), layoutFiles([[image, `c:${n}`]])));
  let removed = 0;
  const meanwhile = setInterval(() => {
    for (const id of idsWith('')) discardImage(id);
    removing(({ sweep }) => sweep());
    removed += 1;
  }, 1);
  const all = await Promise.all([...tars, ...tars].map((path) => loaded(path))).finally(() => clearInterval(meanwhile));
  expect(all.flat().map(({ id }) => id)).toEqual([...images, ...images].map(({ id }) => id));
  expect(removed).toBeGreaterThan(0);
  expect(wrongInStore(new Map())).toEqual([]);
});
