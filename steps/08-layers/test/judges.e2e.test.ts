import { execFileSync } from 'node:child_process';
import { closeSync, linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { CantDownload } from '../../../test/cache.ts';
import { program, unpacked } from '../../../test/debian.ts';
import { lacks, needs } from '../../../test/needs.ts';
import { digestOf } from '../src/store/blobs.ts';
import { findImage } from '../src/store/find.ts';
import type { Image } from '../src/store/image.ts';
import { detached } from '../src/unpack/here.ts';
import { hangUp, type, typed } from './typed.ts';
import { treeOf } from './verify.ts';

// Debian's umoci makes images, and its skopeo reads what is saved. Neither shares a line with this course.

let tools = '';
let unreachable: string | null = null;
let top: string;
beforeAll(async () => {
  top = mkdtempSync(join(tmpdir(), 'boxstep-judges-'));
  try {
    tools = await unpacked({ architecture: 'amd64', names: ['skopeo', 'umoci'], dependencies: true });
  } catch (error) {
    if (!(error instanceof CantDownload)) throw error;
    unreachable = error.message;
  }
}, 600_000);
beforeEach(needs('root', 'overlay', 'tar', 'download'));
beforeEach((context) => {
  if (unreachable !== null) lacks('download', unreachable)(context);
});
afterAll(async () => {
  await hangUp();
  rmSync(top, { recursive: true, force: true });
});

const at = (name: string) => join(top, name);

async function run(name: string, ...args: string[]): Promise<string> {
  const [file = '', ...words] = program(tools, join('usr/bin', name));
  return (await execa(file, [...words, ...args], { cwd: top, stripFinalNewline: false })).stdout;
}
const umoci = (...args: string[]) => run('umoci', ...args);
const skopeo = (...args: string[]) => run('skopeo', '--insecure-policy', ...args);

/** An image of three layers, made by umoci: files of every kind, then some changed, deleted, and replaced. */
async function made(layout: string): Promise<void> {
  await umoci('init', '--layout', layout);
  await umoci('new', '--image', `${layout}:latest`);
  const changes: ((root: string) => void)[] = [
    (root) => {
      for (const path of ['bin', 'etc/deep/er', 'gone/with/it', 'var'])
        mkdirSync(join(root, path), { recursive: true });
      writeFileSync(join(root, 'bin/su'), 'program', { mode: 0o4755 });
      writeFileSync(join(root, 'etc/one'), 'one');
      linkSync(join(root, 'etc/one'), join(root, 'etc/same'));
      symlinkSync('../../etc/one', join(root, 'var/link'));
      execFileSync('mkfifo', [join(root, 'var/fifo')]);
      execFileSync('mknod', [join(root, 'var/null'), 'c', '1', '3']);
      writeFileSync(Buffer.concat([Buffer.from(join(root, 'var/')), Buffer.from([0xff, 0xfe])]), 'bytes');
      writeFileSync(join(root, 'gone/with/it/file'), 'x');
    },
    (root) => {
      rmSync(join(root, 'gone/with'), { recursive: true });
      writeFileSync(join(root, 'etc/one'), 'another');
      rmSync(join(root, 'var/fifo'));
    },
    (root) => {
      rmSync(join(root, 'etc/deep'), { recursive: true });
      writeFileSync(join(root, 'etc/deep'), 'a file now');
      mkdirSync(join(root, 'gone/with'));
      writeFileSync(join(root, `var/${'long'.repeat(50)}`), 'name');
    },
  ];
  for (const change of changes) {
    rmSync(at('bundle'), { recursive: true, force: true });
    await umoci('unpack', '--image', `${layout}:latest`, 'bundle');
    change(at('bundle/rootfs'));
    await umoci('repack', '--image', `${layout}:latest`, 'bundle');
  }
  await umoci('config', '--image', `${layout}:latest`, '--config.cmd', '/bin/su', '--config.env', 'A=b');
}

/** The tree of an image as a container sees it. */
function seen({ layers }: Image): string {
  const root = detached({ lowers: layers.map(({ directory }) => directory).reverse() });
  try {
    return treeOf(`/proc/${process.pid}/fd/${root}`);
  } finally {
    closeSync(root);
  }
}

async function unpackedByUmoci(image: string): Promise<string> {
  rmSync(at('judged'), { recursive: true, force: true });
  await umoci('unpack', '--image', image, 'judged');
  return treeOf(at('judged/rootfs'));
}

test("an image that umoci made is loaded in each of skopeo's formats, and is the tree that umoci unpacks", async () => {
  await made('made');
  const expected = await unpackedByUmoci('made:latest');
  await skopeo('copy', '-q', 'oci:made:latest', 'oci-archive:oci.tar:ours:1');
  await skopeo('copy', '-q', 'oci:made:latest', 'docker-archive:docker.tar:ours:2');
  const answers = await typed(
    ...['made', 'oci.tar', 'docker.tar'].map((name) => ['image', 'load', '-q', '-i', at(name)]),
  );
  expect(answers.map(({ out }) => out)).toEqual(
    ['made:latest', 'ours:1', 'ours:2'].map((name) => `Loaded image: ${name}\n`),
  );
  const images = ['made:latest', 'ours:1', 'ours:2'].map((name) => findImage(name) as Image);
  expect(new Set(images.map(({ id }) => id)).size).toBe(1);
  expect(seen(images[0] as Image)).toBe(expected);
});

test('what is saved, skopeo and umoci read, and find equal digests', async () => {
  const { manifest, id } = findImage('made:latest') as Image;
  await type('image', 'tag', 'made:latest', 'registry.example/made:3');
  const [one, dir] = await typed(
    ['image', 'save', '-o', at('saved.tar'), 'made:latest', 'registry.example/made:3'],
    ['image', 'save', '--format', 'oci-dir', '-o', at('saved'), 'made:latest'],
  );
  expect([one?.status, dir?.status]).toEqual([0, 0]);
  for (const source of ['oci-archive:saved.tar:latest', 'oci-archive:saved.tar:3', 'oci:saved:latest']) {
    expect(digestOf(await skopeo('inspect', '--raw', source))).toBe(manifest);
    expect(digestOf(await skopeo('inspect', '--config', '--raw', source))).toBe(id);
  }
  for (const source of ['docker-archive:saved.tar:made:latest', 'docker-archive:saved.tar:registry.example/made:3'])
    expect(digestOf(await skopeo('inspect', '--config', '--raw', source))).toBe(id);
  await skopeo('copy', '-q', 'docker-archive:saved.tar:made:latest', 'oci:copied:latest');
  const expected = await unpackedByUmoci('made:latest');
  expect(await unpackedByUmoci('saved:latest')).toBe(expected);
  expect(await unpackedByUmoci('copied:latest')).toBe(expected);
});

test('an image that is made here, skopeo and umoci read as well', async () => {
  const tree = await unpackedByUmoci('made:latest');
  execFileSync('tar', ['-C', at('judged/rootfs'), '-cf', at('root.tar'), '.']);
  const [imported, saved] = await typed(
    ['image', 'import', '-c', 'CMD ["/bin/su"]', at('root.tar'), 'imported:1'],
    ['image', 'save', '-o', at('imported.tar'), 'imported:1'],
  );
  expect([imported?.status, saved?.status]).toEqual([0, 0]);
  await skopeo('copy', '-q', 'oci-archive:imported.tar:1', 'oci:imported:1');
  expect(JSON.parse(await skopeo('inspect', '--config', 'oci:imported:1')).config).toEqual({ Cmd: ['/bin/su'] });
  expect(await unpackedByUmoci('imported:1')).toBe(tree);
});
