import events from 'node:events';
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { type Descriptor, type Digest, findImage } from 'step-10';
import { digestOf, INDEX_TYPE, MANIFEST_TYPE, places } from 'step-10/store';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { list } from '../../steps/08-layers/src/store/record.ts';
import { removing } from '../../steps/08-layers/src/store/remove.ts';
import { wrongInStore } from '../../steps/08-layers/test/verify.ts';
import { boxstep, inRoot } from '../../test/boxstep.ts';
import { provideImage } from '../src/registry/index.ts';
import { registryForEach } from './registry/each.ts';
import { json, newImage, pulled, sentence } from './registry/pulling.ts';
import { end, fail, serveBytes, TestRegistry } from './registry/server.ts';

const registry = registryForEach();
const once = { tags: ['once'] };
const isBlob = (path: string) => path.includes('/blobs/');
const partial = (digest: string) => join(places().partial, digest.slice(7));
const short = (digest: string) => digest.slice(7, 19);

describe('a pull', once, () => {
  test('brings an image with its layers, and names it by its tag and by its digest', async () => {
    const image = newImage('whole', 2);
    const name = registry.keep('team/whole:1', image);
    const { id, file, digest, isNewer, told } = await pulled(name);
    expect({ id, file, digest, isNewer }).toEqual({
      id: image.id,
      file: 'whole',
      digest: image.manifest.digest,
      isNewer: true,
    });
    expect(findImage(`${registry.host}/team/whole@${digest}`)?.id).toBe(id);
    const [first, second] = image.layers.map(({ digest }) => short(digest));
    expect(told[0]).toBe('1: Pulling from team/whole');
    for (const layer of [first, second])
      expect(told.filter((line) => line.startsWith(`${layer}`))).toEqual(
        [
          'Pulling fs layer',
          'Downloading',
          'Verifying Checksum',
          'Download complete',
          'Extracting',
          'Pull complete',
        ].map((word) => `${layer}: ${word}`),
      );
    expect(told.indexOf(`${first}: Pull complete`)).toBeLessThan(told.indexOf(`${second}: Pull complete`));
    expect(list(places().partial)).toEqual([]);
    expect(wrongInStore(new Map())).toEqual([]);
  });

  test('of what is there already asks for the manifest alone', async () => {
    const name = registry.keep('team/twice', newImage('twice'));
    await pulled(name);
    registry.asked.length = 0;
    expect(await pulled(name)).toMatchObject({ isNewer: false });
    expect(registry.lines).toEqual(['GET team/twice/manifests/latest']);
  });

  test('fetches no layer that another image has brought', async () => {
    const [one, two] = [newImage('shared'), newImage('shared', 1, { config: { author: 'another' } })];
    await pulled(registry.keep('team/shared:1', one));
    registry.asked.length = 0;
    const { told } = await pulled(registry.keep('team/shared:2', two));
    expect(registry.lines.filter(isBlob)).toEqual([`GET team/shared/blobs/${two.id}`]);
    expect(told).toContain(`${short(two.layers[0]?.digest ?? '')}: Already exists`);
  });

  test("takes this machine's platform from an index, or the one that was asked for", async () => {
    const [here, there] = [newImage('here'), newImage('there', 1, { config: { architecture: 'riscv64' } })];
    for (const image of [here, there]) registry.keep('team/index:parts', image);
    const platform = (architecture: string) => ({ platform: { os: 'linux', architecture } });
    const manifests = [
      { ...there.manifest, ...platform('riscv64') },
      { ...here.manifest, ...platform(process.arch === 'x64' ? 'amd64' : process.arch) },
    ];
    const index = json(INDEX_TYPE, { schemaVersion: 2, mediaType: INDEX_TYPE, manifests });
    const name = registry.tag('team/index:1', index);
    expect(await pulled(name)).toMatchObject({ file: 'here', digest: digestOf(index.bytes) });
    expect(await pulled(name, { platform: 'linux/riscv64' })).toMatchObject({ file: 'there' });
    expect(await sentence(name, { platform: 'linux/s390x' })).toMatch(
      /no image for linux\/s390x, but for linux\/riscv64/,
    );
  });

  test('reads docker’s schema 2 as well', async () => {
    const { blobs, manifest, ...image } = newImage('docker');
    const type = 'application/vnd.docker.distribution.manifest.v2+json';
    const value = JSON.parse(blobs.get(manifest.digest)?.toString() ?? '');
    value.config.mediaType = 'application/vnd.docker.container.image.v1+json';
    for (const layer of value.layers) layer.mediaType = 'application/vnd.docker.image.rootfs.diff.tar.gzip';
    registry.keep('team/docker:oci', { ...image, blobs, manifest });
    const name = registry.tag('team/docker:1', json(type, { ...value, mediaType: type }));
    expect(await pulled(name)).toMatchObject({ file: 'docker' });
  });

  test('never has more than three layers on their way', async () => {
    let [now, most] = [0, 0];
    const { promise: areThree, resolve } = Promise.withResolvers<void>();
    const image = newImage('many', 8);
    registry.fault = async ({ path }, response) => {
      if (!image.layers.some(({ digest }) => path.endsWith(digest))) return false;
      most = Math.max(most, ++now);
      response.once('close', () => now--);
      if (now === 3) setImmediate(resolve); // a fourth would come with the third
      await areThree;
      return false;
    };
    await pulled(registry.keep('team/many', image));
    expect(most).toBe(3);
  });
});

describe('a pull whose connection is cut', once, () => {
  /** Sends only so many bytes of each answer with a blob, and cuts the connection then. */
  const cutAfter = (bytes: number) => {
    registry.fault = ({ method, path, headers }, response) => {
      const blob = registry.blobs.get(path.split('/').at(-1) ?? '');
      if (!blob || blob.length < bytes) return false;
      const [, from = '0'] = /(\d+)-/.exec(headers.range ?? '') ?? [];
      const rest = blob.length - Number(from);
      response.writeHead(headers.range ? 206 : 200, {
        'Content-Length': rest,
        ...(headers.range && { 'Content-Range': `bytes ${from}-${blob.length - 1}/${blob.length}` }),
      });
      response.write(blob.subarray(Number(from), Number(from) + bytes), () => setImmediate(() => response.destroy()));
      return method !== 'HEAD';
    };
  };

  test('goes on where it was, again and again, and fetches no byte twice', async () => {
    const image = newImage('cut');
    const size = image.layers[0]?.size ?? 0;
    cutAfter(30_000);
    expect(await pulled(registry.keep('team/cut', image))).toMatchObject({ file: 'cut' });
    const ranges = registry.asked
      .filter(({ path }) => path.endsWith(image.layers[0]?.digest ?? ''))
      .map(({ headers }) => headers.range);
    expect(ranges).toEqual([
      undefined,
      ...Array.from({ length: Math.ceil(size / 30_000) - 1 }, (_, nth) => `bytes=${(nth + 1) * 30_000}-`),
    ]);
  });

  test('and then fails keeps what came, with which the next pull goes on', async () => {
    const image = newImage('later');
    const digest = image.layers[0]?.digest as Digest;
    const name = registry.keep('team/later', image);
    cutAfter(50_000);
    const { fault } = registry;
    registry.fault = (asked, response) => {
      if (asked.headers.range === undefined || !isBlob(asked.path)) return fault(asked, response);
      response.destroy();
      return true;
    };
    expect(await sentence(name)).toMatch(
      /^127.*team\/later:latest can't be pulled: the blob sha256:.*(ECONNRESET|aborted|hang up)/,
    );
    expect(existsSync(partial(digest))).toBe(true);
    registry.fault = () => false;
    registry.asked.length = 0;
    expect(await pulled(name)).toMatchObject({ file: 'later' });
    expect(registry.asked.find(({ path }) => path.endsWith(digest))?.headers.range).toBe('bytes=50000-');
    expect(existsSync(partial(digest))).toBe(false);
  });

  test('and goes on at a registry that can only send all of it', async () => {
    const image = newImage('all');
    const blob = image.layers[0]?.digest as Digest;
    mkdirSync(places().partial, { recursive: true });
    writeFileSync(partial(blob), image.blobs.get(blob)?.subarray(0, 1000) ?? '');
    registry.fault = ({ path }, response) => {
      if (!path.endsWith(blob)) return false;
      serveBytes(response, 'GET', undefined, image.blobs.get(blob) as Buffer);
      return true;
    };
    expect(await pulled(registry.keep('team/all', image))).toMatchObject({ file: 'all' });
  });

  test('begins again at a registry that refuses to begin in the middle, or goes on at one that does not know the whole size', async () => {
    for (const refuses of [true, false]) {
      const image = newImage(`range ${refuses}`);
      const blob = image.layers[0]?.digest as Digest;
      const bytes = image.blobs.get(blob) as Buffer;
      mkdirSync(places().partial, { recursive: true });
      writeFileSync(partial(blob), bytes.subarray(0, 1000));
      registry.fault = ({ path, headers }, response) => {
        if (!path.endsWith(blob) || headers.range === undefined) return false;
        if (refuses) response.writeHead(416).end();
        else response.writeHead(206, { 'Content-Range': `bytes 1000-${bytes.length - 1}/*` }).end(bytes.subarray(1000));
        return true;
      };
      expect(await pulled(registry.keep('team/range', image))).toMatchObject({ file: `range ${refuses}` });
    }
  });

  test('in the middle of a manifest asks for it again, and fails in a sentence if that happens each time', async () => {
    const name = registry.keep('team/cut-manifest', newImage('cut manifest'));
    let cuts = 1;
    registry.fault = ({ path }, response) => {
      if (!path.includes('manifests') || cuts-- <= 0) return false;
      response.writeHead(200, { 'Content-Type': MANIFEST_TYPE, 'Content-Length': 500 });
      response.write('{"schemaVersion": 2', () => setImmediate(() => response.destroy()));
      return true;
    };
    expect(await pulled(name)).toMatchObject({ file: 'cut manifest' });
    cuts = Infinity;
    expect(await sentence(name)).toBe(
      `${name}:latest can't be pulled: its manifest can't be fetched: ${registry.host} can't be reached: ECONNRESET: aborted`,
    );
  });

  test('begins again where what an earlier one left is damaged', async () => {
    const image = newImage('damaged');
    const blob = image.layers[0]?.digest as Digest;
    mkdirSync(places().partial, { recursive: true });
    writeFileSync(partial(blob), 'x'.repeat(1000));
    expect(await pulled(registry.keep('team/damaged', image))).toMatchObject({ file: 'damaged' });
    expect(wrongInStore(new Map())).toEqual([]);
  });
});

test('a pull that Ctrl-C ends says nothing of it, and the next goes on where it was', once, async () => {
  const image = newImage('interrupted');
  const digest = image.layers[0]?.digest ?? '';
  const name = registry.keep('team/interrupted', image);
  const { promise: hasBegun, resolve } = Promise.withResolvers<void>();
  registry.fault = ({ path }, response) => {
    if (!path.endsWith(digest)) return false;
    const bytes = image.blobs.get(digest as Digest) ?? Buffer.alloc(0);
    response.writeHead(200, { 'Content-Length': bytes.length });
    response.write(bytes.subarray(0, 20_000), () => resolve());
    return true;
  };
  const command = boxstep('pull', name);
  await Promise.race([hasBegun, command.then(({ all }) => Promise.reject(new Error(`it has ended: ${all}`)))]);
  await expect.poll(() => statSync(partial(digest), { throwIfNoEntry: false })?.size).toBe(20_000);
  command.kill('SIGINT');
  expect(await command).toMatchObject({ signal: 'SIGINT', stderr: '' });
  registry.fault = () => false;
  registry.asked.length = 0;
  expect(await pulled(name)).toMatchObject({ file: 'interrupted' });
  expect(registry.asked.find(({ path }) => path.endsWith(digest))?.headers.range).toBe('bytes=20000-');
});

describe('the image of a new container', once, () => {
  test('is pulled if it is missing, always, or never', async () => {
    const image = newImage('provided');
    const name = registry.keep('team/provided:1', image);
    await expect(provideImage(name, { pull: 'never' })).rejects.toThrow(`No such image: ${name}`);
    await provideImage(name, { pull: 'missing', quiet: true });
    expect(findImage(name)?.id).toBe(image.id);
    registry.asked.length = 0;
    await provideImage(name, { pull: 'missing', quiet: true });
    await provideImage(image.id.slice(7, 19), { pull: 'always', quiet: true });
    expect(registry.asked).toEqual([]);
    const newer = newImage('provided anew');
    registry.keep('team/provided:1', newer);
    await provideImage(name, { pull: 'always', quiet: true });
    expect(findImage(name)?.id).toBe(newer.id);
    await expect(provideImage(name, { pull: 'never', platform: 'linux/s390x' })).rejects.toThrow(
      /was found but does not match the specified platform: wanted linux\/s390x, actual: linux\/amd64/,
    );
    await provideImage('/', { pull: 'always' }); // a directory
  });
});

test('nothing of a running pull is removed by prune', once, async () => {
  const image = newImage('pruned', 3);
  registry.fault = ({ path }) => {
    if (isBlob(path)) removing((remover) => remover.sweep());
    return false;
  };
  expect(await pulled(registry.keep('team/pruned', image))).toMatchObject({ file: 'pruned' });
  expect(wrongInStore(new Map())).toEqual([]);
});

test('what a pull left that failed goes with the next prune', once, async () => {
  const image = newImage('left');
  const name = registry.keep('team/left', image);
  registry.fault = ({ path }, response) => path.endsWith(image.layers[0]?.digest ?? '') && Boolean(response.destroy());
  await sentence(name);
  expect(list(places().partial)).toHaveLength(1);
  removing((remover) => remover.sweep());
  expect(list(places().partial)).toEqual([]);
});

describe('a registry that', once, () => {
  test('is busy is asked again, no sooner than it says', async () => {
    const name = registry.keep('team/busy', newImage('busy'));
    const times: number[] = [];
    registry.fault = ({ path }, response) => {
      if (!path.includes('manifests') || times.push(performance.now()) > 2) return false;
      const status = times.length === 1 ? 429 : 503;
      fail(response, status, 'TOOMANYREQUESTS', 'slow down', { 'Retry-After': '1' });
      return true;
    };
    expect(await pulled(name)).toMatchObject({ file: 'busy' });
    const [first = 0, second = 0, third = 0] = times;
    expect(Math.min(second - first, third - second)).toBeGreaterThanOrEqual(990);
  });

  test('asks for more time than anybody has is told of', async () => {
    registry.fault = ({ path }, response) =>
      path !== '' && fail(response, 429, 'TOOMANYREQUESTS', 'later', { 'Retry-After': '86400' });
    expect(await sentence(`${registry.host}/team/late`)).toMatch(/is busy, and it asks to come back in 86400 seconds/);
  });

  test('has no such image, or shows it to nobody, is quoted as docker does', async () => {
    expect(await sentence(`${registry.host}/team/none:1`)).toBe(
      `manifest for ${registry.host}/team/none:1 not found: manifest unknown: manifest unknown`,
    );
    registry.fault = ({ path }, response) =>
      path !== '' && fail(response, 403, 'DENIED', 'requested access to the resource is denied');
    expect(await sentence(`${registry.host}/team/none`)).toBe(
      `pull access denied for ${registry.host}/team/none, repository does not exist or may require 'docker login': denied: requested access to the resource is denied`,
    );
  });

  type Change = (manifest: ReturnType<typeof JSON.parse>) => object;
  const withLayer = (change: (layer: Descriptor) => object): Change => {
    return ({ layers: [layer], ...rest }) => ({ ...rest, layers: [{ ...layer, ...change(layer) }] });
  };
  const withConfig = (change: object): Change => {
    return ({ config, ...rest }) => ({ ...rest, config: { ...config, ...change } });
  };
  /** Keeps an image with another manifest than it should have. */
  const lying = (word: string, change: Change, type = MANIFEST_TYPE) => {
    const image = newImage(word);
    registry.keep(`team/${word}:honest`, image);
    const value = JSON.parse(image.blobs.get(image.manifest.digest)?.toString() ?? '');
    return registry.tag(`team/${word}`, json(type, change(value)));
  };

  test('sends another blob than it says ends the pull, and leaves nothing of it', async () => {
    const image = newImage('other');
    const digest = image.layers[0]?.digest as Digest;
    const name = registry.keep('team/other', image);
    registry.blobs.set(digest, Buffer.alloc(image.layers[0]?.size ?? 0, 'x'));
    expect(await sentence(name)).toMatch(/the blob sha256:.* has another digest: it was damaged on its way/);
    expect(existsSync(partial(digest))).toBe(false);
  });

  test('lies about sizes ends the pull', async () => {
    const larger = lying(
      'larger',
      withLayer(({ size }) => ({ size: size + 1 })),
    );
    expect(await sentence(larger)).toMatch(/has \d+ bytes by its manifest, and the registry sends \d+ bytes/);
    const smaller = lying(
      'smaller',
      withLayer(() => ({ size: 10 })),
    );
    registry.fault = ({ path }, response) => {
      const blob = registry.blobs.get(path.split('/').at(-1) ?? '');
      if (blob) response.write(blob); // it doesn't say how much will come, and has no end
      return blob !== undefined && blob.length > 10_000;
    };
    expect(await sentence(smaller)).toMatch(/has more than the 10 bytes that its manifest says/);
    registry.fault = () => false;
    expect(
      await sentence(
        lying(
          'huge',
          withLayer(() => ({ size: 2 ** 52 })),
        ),
      ),
    ).toMatch(/its layers have 4503599627370496 bytes, and only \d+ are free/);
    expect(await sentence(lying('config', withConfig({ size: 2 ** 40 })))).toMatch(
      /its config has 1099511627776 bytes/,
    );
  });

  test('ends a blob too early, each time, without saying so, ends the pull', async () => {
    const image = newImage('early');
    const digest = image.layers[0]?.digest as Digest;
    registry.fault = ({ path }, response) => {
      if (!path.endsWith(digest)) return false;
      response.writeHead(200);
      response.end(image.blobs.get(digest)?.subarray(0, 1000));
      return true;
    };
    expect(await sentence(registry.keep('team/early', image))).toContain(
      `the registry sends 1000 of the ${image.layers[0]?.size} bytes of the blob ${digest}`,
    );
  });

  test('puts control characters into what it says can write nothing to a terminal', async () => {
    const red = '\x1b[31m\n';
    const index = {
      schemaVersion: 2,
      manifests: [{ ...newImage('escape').manifest, platform: { os: red, architecture: red } }],
    };
    const names = [
      registry.tag('team/escape:1', { mediaType: MANIFEST_TYPE, bytes: Buffer.from(red) }),
      registry.tag('team/escape:2', json(MANIFEST_TYPE, { mediaType: red })),
      registry.tag('team/escape:3', json(INDEX_TYPE, index)),
      registry.keep('team/escape:4', newImage('escape', 1, { config: { os: red } })),
    ];
    for (const name of names)
      expect(await sentence(name)).toMatch(/^[\x20-\x7e]*can't be pulled[\x20-\x7e]*\[31m[\x20-\x7e]*$/);
  });

  test('sends no JSON, or an error in another shape than it should, ends the pull in a sentence', async () => {
    const said = (status: number, body: string) => {
      registry.fault = ({ path }, response) => {
        if (!path.includes('manifests')) return false;
        end(response, status, { 'Content-Type': 'application/json' }, body);
        return true;
      };
      return sentence(`${registry.host}/team/shape`);
    };
    expect(await said(200, '{"schemaVersion": 2')).toMatch(/its manifest is not JSON: /);
    expect(await said(400, '{"errors": ["x"], "message": {"a": 1}}')).toMatch(/answered 400$/);
    expect(await said(400, '{"errors": null, "message": "no"}')).toMatch(/answered 400, no$/);
  });

  test('sends a document without end, or a gigabyte of it, is listened to for 4 MiB', async () => {
    let sent = 0;
    registry.fault = ({ path }, response) => {
      if (!path.includes('manifests')) return false;
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(1 << 16, ' '))) sent += 1 << 16;
        response.once('drain', more);
      };
      more();
      return true;
    };
    expect(await sentence(`${registry.host}/team/endless`)).toMatch(/sends more than the 4194304 bytes/);
    expect(sent).toBeLessThan(64 << 20);
  });

  test('says of a document that it is two things is believed neither', async () => {
    const both = lying('both', (manifest) => ({ ...manifest, manifests: [] }));
    expect(await sentence(both)).toMatch(/a manifest and an index at once/);
    expect(await sentence(lying('typed', (manifest) => manifest, INDEX_TYPE))).toMatch(
      /is said to be both .*index.*manifest/,
    );
    expect(await sentence(lying('html', ({ mediaType: _, ...rest }) => rest, 'text/html'))).toMatch(
      /sends text\/html, and no manifest/,
    );
    expect(await sentence(lying('old', () => ({ schemaVersion: 1, fsLayers: [] }), 'application/json'))).toMatch(
      /schema version 1/,
    );
  });

  test('has something else of that name than an image is told so', async () => {
    const chart = lying('chart', withConfig({ mediaType: 'application/vnd.cncf.helm.config.v1+json' }));
    expect(await sentence(chart)).toMatch(/no container's image: its config is of the type application\/vnd.cncf.helm/);
    const layer = lying(
      'layer',
      withLayer(() => ({ mediaType: 'text/plain' })),
    );
    expect(await sentence(layer)).toMatch(/a layer of the type text\/plain is not a tar archive/);
    const md5 = lying(
      'md5',
      withLayer(() => ({ digest: 'md5:0123456789' })),
    );
    expect(await sentence(md5)).toMatch(/only sha256 is supported/);
  });

  test('lists an index in itself, or indexes without end, ends the pull', async () => {
    const entry = (digest: string, size: number) => ({
      schemaVersion: 2,
      mediaType: INDEX_TYPE,
      manifests: [{ mediaType: INDEX_TYPE, digest, size }],
    });
    const itself = json(INDEX_TYPE, entry(`sha256:${'0'.repeat(64)}`, 231));
    registry.manifests.set(`team/itself@sha256:${'0'.repeat(64)}`, itself);
    expect(await sentence(registry.tag('team/itself', itself))).toMatch(
      /the manifest sha256:0+ has the digest sha256:/,
    );
    let below = json(INDEX_TYPE, entry(`sha256:${'0'.repeat(64)}`, 1));
    for (let depth = 0; depth < 8; depth++) {
      registry.tag('team/deep', below);
      below = json(INDEX_TYPE, entry(digestOf(below.bytes), below.bytes.length));
    }
    expect(await sentence(registry.tag('team/deep', below))).toMatch(/lie more than 4 deep/);
  });

  test('lists what is for no platform, such as a signature, before the image is understood', async () => {
    const image = newImage('signed');
    registry.keep('team/signed:image', image);
    const empty = { mediaType: 'application/vnd.oci.empty.v1+json', digest: digestOf(Buffer.from('{}')), size: 2 };
    const signature = json(MANIFEST_TYPE, { schemaVersion: 2, config: empty, layers: [empty] });
    registry.tag('team/signed:signature', signature);
    const listed = { mediaType: MANIFEST_TYPE, digest: digestOf(signature.bytes), size: signature.bytes.length };
    const platform = { os: 'linux', architecture: process.arch === 'x64' ? 'amd64' : process.arch };
    const index = (...manifests: object[]) =>
      registry.tag('team/signed', json(INDEX_TYPE, { schemaVersion: 2, manifests }));
    expect(await pulled(index(listed, { ...image.manifest, platform }))).toMatchObject({ file: 'signed' });
    expect(await sentence(index(listed))).toMatch(/no container's image: its config is of the type .*oci.empty/);
    expect(await sentence(index())).toMatch(/its index lists no image/);
    const type = 'application/vnd.oci.artifact.manifest.v1+json';
    expect(await sentence(registry.tag('team/artifact', json(type, { mediaType: type, blobs: [] })))).toMatch(
      /no container's image, but of the type .*artifact/,
    );
  });

  test('names another digest than it sends by a tag ends the pull', async () => {
    const name = registry.keep('team/header', newImage('header'));
    registry.fault = ({ path }, response) => {
      if (path.includes('manifests')) response.setHeader('Docker-Content-Digest', `sha256:${'1'.repeat(64)}`);
      const found = registry.manifests.get('team/header:latest');
      if (!path.includes('manifests') || !found) return false;
      end(response, 200, { 'Content-Type': found.mediaType }, found.bytes);
      return true;
    };
    expect(await sentence(name)).toMatch(/the manifest sha256:1+ has the digest/);
  });
});

describe('a redirect', once, () => {
  test('to another host gets no Authorization, and the layer comes from there', async () => {
    const image = newImage('moved');
    const name = registry.keep('team/moved', image);
    const storage = await TestRegistry.start();
    storage.keep('elsewhere', image);
    registry.fault = ({ path, headers }, response) => {
      if (headers.authorization === undefined && path !== '') {
        fail(response, 401, 'UNAUTHORIZED', 'who?', { 'WWW-Authenticate': 'Basic realm="r"' });
        return true;
      }
      if (!isBlob(path)) return false;
      response
        .writeHead(307, { Location: `http://${storage.host}/v2/elsewhere/blobs/${path.split('/').at(-1)}` })
        .end();
      return true;
    };
    expect(await pulled(name, { credentials: { username: 'me', password: 'secret' } })).toMatchObject({
      file: 'moved',
    });
    expect(storage.asked.length).toBe(2);
    expect(storage.asked.filter(({ headers }) => headers.authorization !== undefined)).toEqual([]);
    expect(registry.asked.some(({ headers }) => headers.authorization !== undefined)).toBe(true);
    await storage.close();
  });

  test('round in a circle ends the pull', async () => {
    registry.fault = ({ path }, response) =>
      path !== '' && Boolean(response.writeHead(302, { Location: `/v2/${path}` }).end());
    expect(await sentence(`${registry.host}/team/circle`)).toMatch(/redirects without end/);
  });
});

test(
  'a redirect to nowhere, or to where nobody listens, ends the pull in a sentence that names the place',
  once,
  async () => {
    const image = newImage('nowhere');
    const name = registry.keep('team/nowhere', image);
    const to = (Location: string) => {
      registry.fault = ({ path }, response) => isBlob(path) && Boolean(response.writeHead(307, { Location }).end());
      return sentence(name);
    };
    expect(await to('http://[bad')).toContain(`${registry.host} leads to "http://[bad", which is no address`);
    expect(await to('file:///etc/passwd')).toContain(`${registry.host} leads to file://, which is not encrypted`);
    expect(await to('http://127.0.0.1:1/')).toMatch(
      /: 127.0.0.1:1 can't be reached: ECONNREFUSED: nothing listens there$/,
    );
  },
);

test('a registry that never answered is not asked again, with however much patience', once, async () => {
  const closing = createServer((connection) => void connection.destroy()).listen(0, '127.0.0.1');
  await events.once(closing, 'listening');
  const { port } = closing.address() as AddressInfo;
  const patience = { first: 1_000_000, times: 5 };
  expect(await sentence(`127.0.0.1:${port}/app`, { patience })).toMatch(/ECONNRESET/);
  expect(await sentence('no-such-host.invalid/app', { patience })).toMatch(/EAI_AGAIN|ENOTFOUND/);
  closing.close();
});

describe('a mirror', once, () => {
  const mirrored = (mirror: string) => {
    writeFileSync(inRoot('registries.json'), JSON.stringify({ mirrors: { [`${registry.host}/team`]: [mirror] } }));
    vi.stubEnv('BOXSTEP_REGISTRIES', inRoot('registries.json'));
  };
  afterAll(() => void vi.stubEnv('BOXSTEP_REGISTRIES', ''));

  test('is asked first, and the image has the name of its registry', async () => {
    const mirror = await TestRegistry.start();
    const image = newImage('mirrored');
    mirror.keep('team/mirrored', image);
    mirrored(`http://${mirror.host}`);
    expect(await pulled(`${registry.host}/team/mirrored`)).toMatchObject({ file: 'mirrored' });
    expect(registry.asked).toEqual([]);
    expect(findImage(`${registry.host}/team/mirrored`)?.id).toBe(image.id);
    await mirror.close();
  });

  test('that is not there, or lies, leaves it to the registry', async () => {
    const mirror = await TestRegistry.start();
    const image = newImage('fallback');
    mirror.keep('team/fallback', image);
    mirror.blobs.set(image.layers[0]?.digest ?? '', Buffer.alloc(image.layers[0]?.size ?? 0));
    mirrored(`http://${mirror.host}`);
    expect(await pulled(registry.keep('team/fallback', image))).toMatchObject({ file: 'fallback' });
    await mirror.close();
    const another = newImage('absent');
    expect(await pulled(registry.keep('team/absent', another))).toMatchObject({ file: 'absent' });
  });
});
