import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { needs } from '../../../test/needs.ts';
import { state } from '../src/index.ts';
import { nameImage } from '../src/store/names.ts';
import { places } from '../src/store/places.ts';
import { list } from '../src/store/record.ts';
import { useImage } from '../src/store/use.ts';
import { openWorkplace } from '../src/store/workplace.ts';
import { archive } from './archives.ts';
import { imageOf, layoutFiles, writeTar } from './images.ts';
import { hangUp, type, typed } from './typed.ts';

let top: string;
beforeAll(() => {
  top = mkdtempSync(join(tmpdir(), 'boxstep-images-'));
  vi.stubEnv('INIT_CWD', top); // as if pnpm had been called there
});
afterAll(async () => {
  await hangUp();
  rmSync(top, { recursive: true, force: true });
});
beforeEach(needs('root', 'overlay'));

const base = archive({ path: 'etc/' }, { path: 'etc/base', body: 'x'.repeat(2000) });
const more = (word: string) => archive({ path: 'etc/' }, { path: 'etc/word', body: word });
const history = [
  { created: '2026-01-02T03:04:05Z', created_by: '/bin/sh -c #(nop) ADD file:0123456789abcdef in / ' },
  { created_by: 'RUN x', comment: 'why' },
];

/** An archive with an image of two layers, the first of which all have. */
function made(word: string, name: string, config: object = {}) {
  const image = imageOf({ layers: [base, more(word)], config: { history, ...config } });
  return { ...image, path: writeTar(join(top, `${word}.tar`), layoutFiles([[image, name]])) };
}

const loadOf = ({ path }: { path: string }) => ['image', 'load', '-q', '-i', path];
const short = (id: string) => id.slice(7, 19);

describe('image ls', () => {
  test('lists names as docker does, and what filters leave', async () => {
    const [one, two] = [
      made('ls1', 'ls/one:1'),
      made('ls2', 'ls/two:1', { created: '2026-02-01T00:00:00Z', config: { Labels: { a: 'b' } } }),
    ];
    const answers = await typed(
      loadOf(one),
      loadOf(two),
      ['image', 'tag', 'ls/one:1', 'localhost:5000/ls/one'],
      ['image', 'ls', '--format', '{{.Repository}} {{.Tag}} {{.ID}} {{.Size}}'],
      ['image', 'ls', '-q', '--no-trunc', 'ls/*'],
      ['image', 'ls', '-q', '--filter', 'label=a=b'],
      ['image', 'ls', '-q', '--filter', 'before=ls/two:1', '--filter=reference=ls/*:1'],
      ['image', 'ls', '-q', '--filter', 'dangling=true'],
      ['image', 'ls', '--filter', 'colour=red'],
      ['image', 'ls', 'ls/two'],
    );
    const [, , , all, ids, labelled, before, dangling, wrong, table] = answers.map(({ out }) => out);
    expect(answers[0]?.out).toBe('Loaded image: ls/one:1\n');
    expect(all?.split('\n')).toEqual([
      `ls/two 1 ${short(two.id)} 2kB`,
      `ls/one 1 ${short(one.id)} 2kB`,
      `localhost:5000/ls/one latest ${short(one.id)} 2kB`,
      '',
    ]);
    expect(ids).toBe(`${two.id}\n${one.id}\n`); // a name that the pattern doesn't mean isn't listed
    expect([labelled, before, dangling]).toEqual([`${short(two.id)}\n`, `${short(one.id)}\n`, '']);
    expect(wrong).toBe('');
    expect(answers[8]).toMatchObject({ status: 1, err: expect.stringContaining("invalid filter 'colour'") });
    expect(table).toMatch(
      /^REPOSITORY {3}TAG {7}IMAGE ID {7}CREATED {8,}SIZE\nls\/two {7}1 {9}[0-9a-f]{12} {3}.* ago {3}2kB\n$/,
    );
  });
});

test('image history and inspect show how an image was made, and what it says', async () => {
  const image = made('history', 'history:1', { config: { Cmd: ['sh'], ExposedPorts: { '80/tcp': {} } } });
  const [, table, ids, inspected, format, missing] = await typed(
    loadOf(image),
    ['image', 'history', 'history:1'],
    ['image', 'history', '-q', '--no-trunc', 'history:1'],
    ['image', 'inspect', 'history:1'],
    ['image', 'inspect', '-f', '{{index .Config.Cmd 0}} {{.RootFS.Type}} {{.Config.ExposedPorts}}', short(image.id)],
    ['image', 'inspect', 'history:1', 'nothing'],
  );
  const [head, last, first] = table?.out.split('\n') ?? [];
  expect(head).toMatch(/^IMAGE {10}CREATED {6,}CREATED BY {38}SIZE {6}COMMENT$/);
  expect(last).toMatch(new RegExp(`^${short(image.id)} {3}N/A +RUN x +7B +why$`));
  expect(first).toMatch(/^<missing> {6}.* ago +\/bin\/sh -c #\(nop\) ADD file:0123456789abcdef … {3}2kB {7}$/);
  expect(ids?.out).toBe(`${image.id}\n<missing>\n`);
  expect(JSON.parse(inspected?.out ?? '')).toMatchObject([
    { Id: image.id, RepoTags: ['history:1'], Architecture: 'amd64', Size: 2007, Config: { Cmd: ['sh'] } },
  ]);
  expect(format?.out).toBe('sh layers map[80/tcp:{}]\n');
  expect(missing).toMatchObject({ status: 1, err: 'boxstep: No such image: nothing:latest\n' });
  expect(JSON.parse(missing?.out ?? '')).toHaveLength(1);
});

test('image inspect, history and ls have docker’s fields, also those that are empty, and take --platform', async () => {
  const config = { Hostname: 'abc', Cmd: ['sh'], Labels: { a: '<b>' } };
  const [, unset, json, whole, plain, columns, wrong, save, wrongSave] = await typed(
    loadOf(made('fields', 'fields:1', { config })),
    ['image', 'inspect', '-f', '{{.Parent}}|{{.VirtualSize}}|{{.Config.OnBuild}}|{{.Variant}}', 'fields:1'],
    ['image', 'inspect', '-f', '{{json .Config}}', 'fields:1'],
    ['image', 'inspect', 'fields:1'],
    ['image', 'history', '-H=false', 'fields:1'],
    ['image', 'ls', '--format', '{{.VirtualSize}} {{.SharedSize}} {{.Containers}}', 'fields'],
    ['image', 'history', '--platform', 'linux/s390x', 'fields:1'],
    ['image', 'save', 'nothing'],
    ['image', 'save', '--platform', 'linux/s390x', 'fields'],
  );
  expect(unset?.out).toBe('|0|[]|\n');
  expect(json?.out).toBe('{"Cmd":["sh"],"Labels":{"a":"<b>"}}\n');
  expect(whole?.out).toContain('"a": "\\u003cb\\u003e"');
  expect(JSON.parse(whole?.out ?? '')[0].Config).toEqual({
    ...{ Cmd: ['sh'], Labels: { a: '<b>' }, Entrypoint: null, Env: null, OnBuild: null, Volumes: null },
    ...{ User: '', WorkingDir: '' },
  });
  expect(plain?.out).toMatch(/^IMAGE +CREATED AT +CREATED BY/);
  expect(columns?.out).toBe('2.006kB N/A 0\n');
  expect(wrong).toMatchObject({ status: 1, err: expect.stringContaining('does not provide the specified platform') });
  expect(save).toMatchObject({ status: 1, err: 'boxstep: No such image: nothing\n' });
  expect(wrongSave?.err).toContain('fields:1 was found but does not provide the specified platform');
});

describe('image rm', () => {
  test('takes a name away, and removes the image with its last one, but for layers that others have', async () => {
    const [one, two] = [made('rm1', 'rm:1'), made('rm2', 'rm:2')];
    const answers = await typed(
      loadOf(one),
      loadOf(two),
      ['image', 'tag', 'rm:1', 'rm:other'],
      ['image', 'rm', short(one.id)],
      ['image', 'rm', 'rm:1'],
      ['image', 'rm', 'rm:other', 'nothing', 'rm:2'],
      ['image', 'rm', '-f', 'nothing'],
    );
    expect(answers[3]).toMatchObject({
      status: 1,
      err: `boxstep: conflict: unable to delete ${short(one.id)} (must be forced) - image is referenced in multiple repositories\n`,
    });
    expect(answers[4]).toEqual({ out: 'Untagged: rm:1\n', err: '', status: 0 });
    expect(answers[5]).toMatchObject({ status: 1, err: 'boxstep: No such image: nothing:latest\n' });
    expect(answers[5]?.out.replace(/sha256:[a-f0-9]{64}/g, 'X')).toBe(
      'Untagged: rm:other\nDeleted: X\nDeleted: X\nUntagged: rm:2\nDeleted: X\nDeleted: X\n', // history has the lowest layer
    );
    expect(answers[6]?.status).toBe(0);
    expect(list(places().blobs)).not.toContain(one.id.slice(7));
  });

  test('removes by id, with force, all names; a name whose image is in use is refused', async () => {
    const image = made('rm3', 'rm3:1');
    await typed(loadOf(image), ['image', 'tag', 'rm3:1', 'rm3:2']);
    const release = useImage(image);
    const [named, forced, byId, dangling] = await typed(
      ['image', 'rm', 'rm3:1', 'rm3:2'],
      ['image', 'rm', '--force', 'rm3:2'],
      ['image', 'rm', '--force', image.id],
      ['image', 'ls', '-q', '--no-trunc', '-f', 'dangling=true'],
    );
    expect(named).toMatchObject({ status: 1, out: 'Untagged: rm3:1\n' });
    expect(named?.err).toContain(
      'unable to remove repository reference "rm3:2" (must force) - a running container is using',
    );
    expect(forced).toMatchObject({ status: 0, out: 'Untagged: rm3:2\n' });
    expect(byId?.err).toContain('(cannot be forced) - image is being used by a running container');
    expect(dangling?.out).toBe(`${image.id}\n`);
    release();
    expect((await type('image', 'rm', '-f', image.id)).out).toMatch(/^Deleted: sha256/);
  });
});

test('the digest of an image in a registry is no row of its own, goes with the last tag, and names no image by itself', async () => {
  const image = made('digest', 'a/digest:1');
  const digest = `sha256:${'a'.repeat(64)}` as const;
  const byDigest = { domain: 'docker.io', path: 'a/digest', digest };
  const rows = ['image', 'ls', '--format', '{{.Repository}} {{.Tag}} {{.Digest}}'];
  const give = () => {
    const place = openWorkplace(places().making);
    nameImage(place, image, byDigest);
    place.close();
  };
  await typed(loadOf(image), ['image', 'tag', 'a/digest:1', 'a/digest:2']);
  give();
  const [both, first, last] = await typed(rows, ['image', 'rm', 'a/digest:1'], ['image', 'rm', 'a/digest:2']);
  expect(both?.out).toContain(`a/digest 1 ${digest}\na/digest 2 ${digest}\n`);
  expect(first?.out).toBe('Untagged: a/digest:1\n');
  expect(last?.out).toContain(`Untagged: a/digest:2\nUntagged: a/digest@${digest}\nDeleted: ${image.id}\n`);
  await typed(loadOf(image));
  give();
  const other = made('digest2', 'a/digest:1');
  const [, alone, dangling, pruned] = await typed(
    loadOf(other),
    rows,
    ['image', 'ls', '-q', '--no-trunc', '-f', 'dangling=true'],
    ['image', 'prune', '-f'],
  );
  expect(alone?.out).toContain(`a/digest <none> ${digest}\n`);
  expect(dangling?.out).toBe(`${image.id}\n`);
  expect(pruned?.out).toContain(`untagged: a/digest@${digest}\ndeleted: ${image.id}\n`);
  await typed(['image', 'rm', 'a/digest:1']);
});

describe('image prune', () => {
  test('removes images without a name; none that a process or a kept container uses; asks first', async () => {
    const [old, used, kept, current] = [made('p1', 'p:1'), made('p2', 'p:1'), made('p3', 'p:1'), made('p4', 'p:1')];
    const [, replaced] = await typed(loadOf(old), loadOf(used), loadOf(kept), loadOf(current));
    expect(replaced?.out).toBe(
      `The image p:1 already exists, renaming the old one with ID ${old.id} to empty string\nLoaded image: p:1\n`,
    );
    const container = join(state().data, 'containers', 'kept');
    mkdirSync(container, { recursive: true });
    writeFileSync(join(container, 'config.json'), JSON.stringify({ image: kept.id }));
    const release = useImage(used);
    const [asked, done] = await typed(['image', 'prune'], ['image', 'prune', '-f']);
    release();
    expect(asked).toMatchObject({ status: 0, err: '' });
    expect(asked?.out).toContain('This will remove all dangling images.\nAre you sure you want to continue? [y/N] ');
    expect(done?.out).toMatch(
      new RegExp(`^Deleted Images:\ndeleted: ${old.id}\ndeleted: sha256:.*\n\nTotal reclaimed space: [\\d.]+k?B\n$`),
    );
    rmSync(container, { recursive: true });
    const [all, left] = await typed(['image', 'prune', '--all', '--force'], ['image', 'ls', '-q']);
    for (const { id } of [used, kept, current]) expect(all?.out).toContain(`deleted: ${id}\n`);
    expect(left?.out).toBe('');
    for (const directory of ['blobs', 'ids', 'chains', 'making'] as const)
      expect(list(places()[directory])).toEqual([]);
    expect(list(places().layers)).toEqual(['.making']);
  });

  test('removes what a killed command left in the store', async () => {
    writeFileSync(join(places().blobs, 'f'.repeat(64)), 'garbage');
    writeFileSync(join(places().chains, 'e'.repeat(64)), '');
    mkdirSync(places().partial, { recursive: true });
    writeFileSync(join(places().partial, 'c'.repeat(64)), 'half');
    mkdirSync(join(places().layers, 'd'.repeat(64), 'diff'), { recursive: true });
    mkdirSync(join(places().names, 'docker.io/library/never'), { recursive: true });
    expect((await type('image', 'prune', '-f')).out).toBe('Total reclaimed space: 11B\n');
    expect([...list(places().blobs), ...list(places().chains), ...list(places().partial)]).toEqual([]);
    expect([list(places().layers), list(places().names)]).toEqual([['.making'], []]);
  });
});

test('image save and load give the same image again, and the same bytes each time', async () => {
  const [one, two] = [made('s1', 's1:1'), made('s2', 's2:1')];
  const file = (name: string) => join(top, name);
  const answers = await typed(
    loadOf(one),
    loadOf(two),
    ['image', 'tag', 's1:1', 's1:also'],
    ['image', 'save', '-o', file('a.tar'), 's1', 's2:1'],
    ['image', 'save', '-o', 'b.tar', 's1', 's2:1'],
    ['image', 'rm', '-f', one.id, two.id],
    ['image', 'load', '-q', '-i', 'a.tar'],
    ['image', 'save', '-o', file('c.tar'), 's1', 's2:1'],
    ['image', 'save', '--format', 'oci-dir', '-o', file('layout'), 's1:1'],
    ['image', 'load', '-i', file('nothing.tar')],
  );
  expect(answers.map(({ status }) => status)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
  const [a, b, c] = ['a.tar', 'b.tar', 'c.tar'].map((name) => readFileSync(file(name)));
  expect(a?.equals(b as Buffer) && a.equals(c as Buffer)).toBe(true);
  expect(answers[6]?.out).toBe('Loaded image: s1:1\nLoaded image: s1:also\nLoaded image: s2:1\n');
  expect(JSON.parse(readFileSync(file('layout/index.json'), 'utf8')).manifests).toMatchObject([one.manifest]);
  expect(answers[9]?.err).toMatch(/open .*nothing.tar: no such file or directory/);
});

test('image import makes an image of a root filesystem, with a config of its own', async () => {
  writeFileSync(join(top, 'root.tar'), base);
  const [imported, inspected, wrong] = await typed(
    ['image', 'import', '-c', 'CMD ["sh"]', '--change', 'ENV A=b', '-m', 'from a test', 'root.tar', 'imported'],
    ['image', 'inspect', '-f', '{{.Id}} {{.Comment}} {{json .Config.Cmd}} {{.Config.Env}} {{.Size}}', 'imported'],
    ['image', 'import', writeTar(join(top, 'bad.tar'), new Map(), { path: '../../out', body: 'x' })],
  );
  expect(inspected?.out).toBe(`${imported?.out.trim()} from a test ["sh"] [A=b] 2000\n`);
  expect(wrong).toMatchObject({
    status: 1,
    err: expect.stringMatching(/bad.tar can't be imported: .*leads out of the layer/),
  });
});
