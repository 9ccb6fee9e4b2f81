import { readFileSync } from 'node:fs';
import { type Digest, parseReference, withTag } from 'step-10';
import { blobPath } from 'step-10/store';
import { describe, expect, test } from 'vitest';
import { nameImage } from '../../steps/08-layers/src/store/names.ts';
import { places } from '../../steps/08-layers/src/store/places.ts';
import { openWorkplace } from '../../steps/08-layers/src/store/workplace.ts';
import { push } from '../src/registry/push.ts';
import { fetchTags } from '../src/registry/tags.ts';
import { registryForEach } from './registry/each.ts';
import { newImage, PATIENCE, pulled, Told } from './registry/pulling.ts';
import { fail, TestRegistry } from './registry/server.ts';
import { tokenServer } from './registry/token-server.ts';

const registry = registryForEach();
const once = { tags: ['once'] };
const named = (name: string) => withTag(parseReference(name));

/** An image of the store's under another name, of a registry that has nothing of it. */
async function tagged(word: string, layers: number, ...names: string[]) {
  const source = await TestRegistry.start();
  const image = newImage(word, layers);
  const { id } = await pulled(source.keep(`source/${word}`, image));
  await source.close();
  const place = openWorkplace(places().making);
  for (const name of names) nameImage(place, { id: id as Digest }, named(name));
  place.close();
  return image;
}

async function pushed(name: string) {
  const told = new Told();
  return { ...(await push(named(name), { progress: told, patience: PATIENCE })), told: told.all };
}

describe('a push', once, () => {
  test('sends layers, config and manifest, byte for byte, and no layer twice', async () => {
    const name = `${registry.host}/team/push:1`;
    const image = await tagged('push', 2, name);
    const { digest, size, told } = await pushed(name);
    expect(digest).toBe(image.manifest.digest);
    expect(size).toBe(image.manifest.size);
    expect(registry.manifests.get('team/push:1')?.bytes).toEqual(image.blobs.get(image.manifest.digest));
    for (const { digest } of image.layers) expect(registry.blobs.get(digest)).toEqual(readFileSync(blobPath(digest)));
    expect(told.filter((line) => line.endsWith(': Pushed'))).toHaveLength(2);
    registry.asked.length = 0;
    const again = await pushed(name);
    expect(again.told.filter((line) => line.endsWith(': Layer already exists'))).toHaveLength(2);
    expect(registry.lines.filter((line) => line.startsWith('POST'))).toEqual([]);
    expect(await pulled(`${registry.host}/team/push@${digest}`)).toMatchObject({ file: 'push' });
  });

  test('has layers mounted from another repository that may have them', async () => {
    const [one, two] = [`${registry.host}/team/from:1`, `${registry.host}/team/to:1`];
    const image = await tagged('mount', 1, one, two);
    await pushed(one);
    const blobs = new Map(registry.blobs);
    registry.asked.length = 0;
    registry.fault = ({ method, path, query }, response) =>
      method === 'HEAD' && path.includes('blobs') && query.size === 0 && Boolean(response.writeHead(404).end());
    const { told } = await pushed(two);
    expect(told.at(-1)).toMatch(/: Mounted from team\/from$/);
    expect(registry.lines.filter((line) => line.startsWith('PUT'))).toEqual(['PUT team/to/manifests/1']);
    expect(registry.blobs).toEqual(blobs);
    expect(registry.manifests.has('team/to:1')).toBe(true);
    expect(image.layers).toHaveLength(1);
  });

  test('sends layers where nobody lets it look into the other repository', async () => {
    const [one, two] = [`${registry.host}/team/secret:1`, `${registry.host}/team/own:1`];
    await tagged('secret', 1, one, two);
    registry.fault = ({ query }, response) => query.has('mount') && fail(response, 403, 'DENIED', 'not that one');
    expect((await pushed(two)).told.at(-1)).toMatch(/: Pushed$/);
    expect(registry.manifests.has('team/own:1')).toBe(true);
  });

  test('ends in a sentence where an upload leads to no address', async () => {
    const name = `${registry.host}/team/lost:1`;
    await tagged('lost', 1, name);
    for (const Location of ['http://[bad', 'file:///etc/passwd']) {
      registry.fault = ({ method }, response) =>
        method === 'POST' && Boolean(response.writeHead(202, { Location }).end());
      await expect(pushed(name)).rejects.toThrow(`${registry.host} leads to `);
    }
  });

  test('goes on with an upload where its connection was cut', async () => {
    const name = `${registry.host}/team/resumed:1`;
    const image = await tagged('resumed', 1, name);
    registry.cuts.push(50_000, 100_000);
    await pushed(name);
    expect(registry.cuts).toEqual([]);
    const patches = registry.asked.filter(({ method }) => method === 'PATCH');
    const begins = patches.map(({ headers }) => Number(/^\d+/.exec(headers['content-range'] ?? '0')));
    expect(begins.slice(0, 3)).toEqual([0, 50_000, 100_000]);
    const [layer] = image.layers;
    expect(registry.blobs.get(layer?.digest ?? '')).toEqual(readFileSync(blobPath(layer?.digest as Digest)));
  });

  test('begins an upload again that is cut, where a registry keeps nothing of it', async () => {
    const name = `${registry.host}/team/cut-push:1`;
    await tagged('cut-push', 1, name);
    let cuts = 0;
    registry.fault = ({ method, path }, response) => {
      if (method === 'GET' && path.includes('uploads')) return fail(response, 404, 'BLOB_UPLOAD_UNKNOWN', 'unknown');
      if (method !== 'PATCH' || cuts === 2) return false;
      cuts += 1;
      response.req.once('data', () => response.destroy());
      return true;
    };
    await pushed(name);
    expect(cuts).toBe(2);
    expect(registry.manifests.has('team/cut-push:1')).toBe(true);
  });

  test('asks for a token that is good for pushing', async () => {
    const name = `${registry.host}/team/token-push:1`;
    await tagged('token-push', 1, name);
    const server = tokenServer(registry, { '*': '' });
    registry.fault = server.fault;
    await pushed(name);
    expect(server.asked.map(({ scopes }) => scopes)).toEqual([['repository:team/token-push:pull,push']]);
  });

  test('of what the store has not, or what the registry will not have, ends in a sentence', async () => {
    await expect(pushed(`${registry.host}/team/nothing`)).rejects.toThrow(
      `An image does not exist locally with the tag: ${registry.host}/team/nothing`,
    );
    const name = `${registry.host}/team/denied:1`;
    await tagged('denied', 1, name);
    registry.fault = ({ method }, response) =>
      method === 'POST' && fail(response, 403, 'DENIED', 'requested access to the resource is denied');
    await expect(pushed(name)).rejects.toThrow(
      /can't be sent: .* answered 403, denied: requested access to the resource is denied/,
    );
  });
});

describe('the tags of a repository', once, () => {
  test('come a page after another, and no more than are wanted', async () => {
    const pages = [['a', 'b'], ['c', 'd'], ['e']];
    registry.fault = ({ path, query }, response) => {
      if (!path.includes('/tags/')) return false;
      const nth = Number(query.get('page') ?? 0);
      const link = nth < 2 && { Link: `</v2/team/pages/tags/list?n=2&page=${nth + 1}>; rel="next"` };
      response.writeHead(200, { 'Content-Type': 'application/json', ...link });
      response.end(JSON.stringify({ name: 'team/pages', tags: pages[nth] }));
      return true;
    };
    const repository = parseReference(`${registry.host}/team/pages`);
    expect(await fetchTags(repository, Infinity)).toEqual(['a', 'b', 'c', 'd', 'e']);
    registry.asked.length = 0;
    expect(await fetchTags(repository, 3)).toEqual(['a', 'b', 'c']);
    expect(registry.lines).toHaveLength(2);
  });
});
