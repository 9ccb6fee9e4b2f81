import { execFileSync, spawnSync } from 'node:child_process';
import {
  closeSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { needs } from '../../../test/needs.ts';
import { applyLayer } from '../src/layer.ts';
import { attributesOf } from '../src/unpack/attributes.ts';
import { detached } from '../src/unpack/here.ts';
import { archive, type Given, inPieces } from './archives.ts';

const WHITEOUTS = JSON.parse(readFileSync(new URL('cases/whiteouts.json', import.meta.url), 'utf8'));
const BREAKOUTS = JSON.parse(readFileSync(new URL('cases/breakouts.json', import.meta.url), 'utf8'));
const TYPES = { 0: 'file', 1: 'link', 2: 'symlink', 5: 'directory' } as const;

let top: string;
let layers: string[];
beforeEach((context) => {
  needs('root', 'overlay')(context);
  top = mkdtempSync(join(tmpdir(), 'boxstep-layer-'));
  layers = [];
});
afterEach(() => {
  if (top) rmSync(top, { recursive: true, force: true });
});

/** Puts a layer on top of those that there are. @returns its directory */
async function apply(tar: Buffer, length?: number): Promise<string> {
  const into = mkdtempSync(join(top, 'layer-'));
  await applyLayer(inPieces(tar, length), layers, into);
  layers = [into, ...layers];
  return into;
}

const layer = (...entries: Given[]) => apply(archive(...entries));

/** Looks at all layers together, as a container sees them. */
function merged<T>(look: (root: string) => T): T {
  if (layers.length === 1) return look(layers[0] as string);
  const root = detached({ lowers: layers });
  try {
    return look(`/proc/self/fd/${root}`);
  } finally {
    closeSync(root);
  }
}

/** All paths, directories with a slash. */
function paths(root: string, below = ''): string[] {
  const names = readdirSync(join(root, below), { withFileTypes: true });
  return names
    .flatMap((one) =>
      one.isDirectory() ? [`${below}${one.name}/`, ...paths(root, `${below}${one.name}/`)] : [below + one.name],
    )
    .sort();
}

describe('a layer', () => {
  test('leaves what docker leaves: files, whiteouts and opaque directories of four layers, one on another', async () => {
    for (const { entries, result } of WHITEOUTS.layers) {
      await layer(...entries.map((path: string) => ({ path })));
      expect(merged((root) => paths(root))).toEqual([...result].sort());
    }
  });

  test.for(BREAKOUTS.layers as { name: string; entries: [keyof typeof TYPES, string, string][] }[])(
    'comes out nowhere: $name $entries',
    async ({ entries }) => {
      const victim = join(top, 'victim');
      mkdirSync(victim);
      writeFileSync(join(victim, 'hello'), 'secret', { mode: 0o640 });
      await layer({ path: 'below/' }); // so that it is an overlay that is written to
      for (const wanted of [[], layers]) {
        layers = wanted as string[];
        const into = join(top, `dest-${layers.length}`);
        mkdirSync(into);
        const tar = archive(...entries.map(([type, path, linkpath]) => ({ type: TYPES[type], path, linkpath })));
        await applyLayer(inPieces(tar), layers, into).catch(() => {});
        expect(readdirSync(victim)).toEqual(['hello']);
        expect(readFileSync(join(victim, 'hello'), 'utf8')).toBe('secret');
        expect(statSync(join(victim, 'hello')).mode & 0o777).toBe(0o640);
        const files = paths(into).map((path) => lstatSync(join(into, path)));
        expect(files.some((one) => one.isFile() && one.size === 6)).toBe(false);
      }
    },
  );

  test('links a file of a layer below, and both names are one file', async () => {
    await layer({ path: 'bin/' }, { path: 'bin/tool', body: 'old' });
    await layer({ type: 'link', path: 'bin/other', linkpath: 'bin/tool' });
    merged((root) => {
      expect(readFileSync(join(root, 'bin/other'), 'utf8')).toBe('old');
      expect(statSync(join(root, 'bin/other')).ino).toBe(statSync(join(root, 'bin/tool')).ino);
    });
  });

  test('makes the directories that its entries need and no layer has', async () => {
    await layer({ path: 'usr/' });
    await layer({ path: 'usr/share/doc/readme', body: 'x' });
    merged((root) => {
      const { mode, uid } = statSync(join(root, 'usr/share/doc'));
      expect([mode & 0o7777, uid]).toEqual([0o755, 0]);
    });
  });

  test('follows a link of a layer below as a container would', async () => {
    await layer({ path: 'usr/bin/' }, { type: 'symlink', path: 'bin', linkpath: '/usr/bin' });
    await layer({ path: 'bin/tool', body: 'here' });
    merged((root) => {
      expect(lstatSync(join(root, 'bin')).isSymbolicLink()).toBe(true);
      expect(readFileSync(join(root, 'usr/bin/tool'), 'utf8')).toBe('here');
    });
  });

  test('keeps owners, modes, times, links and devices as they are', async () => {
    await layer({ path: 'below/' });
    const into = await layer(
      { path: 'd/', mode: 0o1777, uid: 7, gid: 8, mtime: 1_000_000_000 },
      { path: 'd/program', mode: 0o4755, uid: 1000, gid: 1001, mtime: 1_100_000_000, body: 'x' },
      { type: 'symlink', path: 'd/link', linkpath: '../nowhere', uid: 5, gid: 6 },
      { type: 'character', path: 'd/null', mode: 0o666, major: 1, minor: 3 },
      { type: 'fifo', path: 'd/fifo', mode: 0o600 },
    );
    const of = (path: string) => {
      const { mode, uid, gid, mtimeMs, rdev } = lstatSync(join(into, path));
      return { mode: mode & 0o7777, uid, gid, time: mtimeMs / 1000, rdev };
    };
    expect(of('d')).toEqual({ mode: 0o1777, uid: 7, gid: 8, time: 1_000_000_000, rdev: 0 });
    expect(of('d/program')).toEqual({ mode: 0o4755, uid: 1000, gid: 1001, time: 1_100_000_000, rdev: 0 });
    expect(readlinkSync(join(into, 'd/link'))).toBe('../nowhere');
    expect(lstatSync(join(into, 'd/link')).uid).toBe(5);
    expect(of('d/null').rdev).toBe(0x103);
    expect(lstatSync(join(into, 'd/fifo')).isFIFO()).toBe(true);
  });

  test('keeps the capabilities of a program, and no attribute that is for overlay itself', async () => {
    await layer({ path: 'below/' });
    const capability = Buffer.from('0100000202040000000000000000000000000000', 'hex');
    const into = await layer({
      path: 'ping',
      uid: 1000,
      body: 'x',
      xattrs: { 'security.capability': capability, 'trusted.overlay.opaque': Buffer.from('y') },
    });
    const file = openSync(join(into, 'ping'), 'r');
    expect([...attributesOf(file)]).toEqual([['security.capability', capability]]);
    closeSync(file);
  });

  test('keeps a name that is not UTF-8 byte for byte, in every place that a name has', async () => {
    await layer({ path: 'below/' });
    const bad = (text: string) => Buffer.from(text, 'latin1');
    const into = await layer(
      { path: bad('d\xe9/'), type: 'directory' },
      { path: bad('d\xe9/f\xff'), body: 'x' },
      { type: 'link', path: bad('hard\xfe'), linkpath: bad('d\xe9/f\xff') },
      { type: 'symlink', path: bad('soft\xfd'), linkpath: bad('\xc0') },
      { type: 'fifo', path: bad('fifo\xfc') },
    );
    const names = readdirSync(into, { encoding: 'buffer' })
      .map((name) => name.toString('latin1'))
      .sort();
    expect(names).toEqual(['d\xe9', 'fifo\xfc', 'hard\xfe', 'soft\xfd']);
    await layer({ path: bad('.wh.d\xe9') });
    expect(
      merged((root) =>
        readdirSync(root, { encoding: 'buffer' })
          .map((name) => name.toString('latin1'))
          .sort(),
      ),
    ).toEqual(['below', 'fifo\xfc', 'hard\xfe', 'soft\xfd']);
  });

  test('turns a file into a directory, and a directory with all in it into a file', async () => {
    await layer({ path: 'a', body: 'x' }, { path: 'b/' }, { path: 'b/c/' }, { path: 'b/c/d', body: 'x' });
    await layer({ path: 'a/' }, { path: 'a/new', body: 'y' }, { path: 'b', body: 'z' });
    expect(merged((root) => paths(root))).toEqual(['a/', 'a/new', 'b']);
  });

  test('opens no directory that was there before it was replaced', async () => {
    await layer(
      { path: 'a/' },
      { path: 'a/x', body: '1' },
      { path: 'a', body: 'file' },
      { path: 'a/' },
      { path: 'a/y', body: '2' },
    );
    expect(merged((root) => paths(root))).toEqual(['a/', 'a/y']);
  });

  test('keeps the holes of a sparse file, of each kind that GNU tar makes', async () => {
    execFileSync('truncate', ['-s', '100M', join(top, 'sparse')]);
    for (const at of [0, 20, 40, 60, 80, 99])
      execFileSync('dd', [`of=${join(top, 'sparse')}`, 'bs=1M', 'conv=notrunc', `seek=${at}`, 'count=1'], {
        input: `part ${at}`,
        stdio: ['pipe', 'ignore', 'ignore'],
      });
    for (const format of [
      ['--format=gnu'],
      ['--format=pax', '--sparse-version=0.0'],
      ['--format=pax', '--sparse-version=0.1'],
      ['--format=pax', '--sparse-version=1.0'],
    ]) {
      layers = [];
      const into = await apply(
        // Found by reading: ext4 calls what it hasn't written to the disk yet a hole, on some kernels.
        execFileSync('tar', ['-C', top, '--sparse', '--hole-detection=raw', ...format, '-cf', '-', 'sparse'], {
          maxBuffer: 1e9,
        }),
      );
      const { stdout } = spawnSync('cmp', [join(top, 'sparse'), join(into, 'sparse')], { encoding: 'utf8' });
      expect(stdout, format.join(' ')).toBe('');
      expect(lstatSync(join(into, 'sparse')).blocks * 512).toBeLessThan(1e6);
    }
  });

  test('may be of no bytes at all', async () => {
    await layer({ path: 'a' });
    await apply(Buffer.alloc(0));
    expect(merged((root) => paths(root))).toEqual(['a']);
  });

  test('that is cut short, or damaged, or of another kind is refused in one sentence', async () => {
    const good = archive({ path: 'a', body: 'x'.repeat(2000) });
    await expect(apply(good.subarray(0, 1500))).rejects.toThrow(/cut short within "a"/);
    await expect(apply(Buffer.from('no tar archive'.repeat(100)))).rejects.toThrow(/damaged at byte 0/);
    await expect(apply(good.subarray(0, 100))).rejects.toThrow(/cut short after 100 bytes/);
  });

  test.for(['.wh...', '.wh.', '.wh..', 'd/.wh...'])(
    'is refused for the whiteout %s, which has no name',
    async (path) => {
      await expect(layer({ path })).rejects.toThrow(/a whiteout needs a name/);
    },
  );

  test('is refused for a device that overlay takes for a whiteout', async () => {
    await expect(layer({ type: 'character', path: 'x', major: 0, minor: 0 })).rejects.toThrow(/overlay marks/);
  });

  test('can lie on 499 others, and no overlay takes one more', async () => {
    for (let nth = 0; nth < 500; nth++) {
      const into = join(top, String(nth));
      mkdirSync(into);
      writeFileSync(join(into, `f${nth}`), '');
      layers = [into, ...layers];
    }
    layers = layers.slice(1);
    await layer({ path: '.wh.f0' }, { path: 'new' });
    expect(merged((root) => readdirSync(root)).length).toBe(499);
    const another = join(top, 'another');
    mkdirSync(another);
    expect(() => detached({ lowers: [...layers, another] })).toThrow('EINVAL');
  });
});

test('a layer is the same tree whenever it is unpacked, also where it lists no directory', async () => {
  const times = () =>
    merged((root) => ['', 'a', 'a/b', 'new'].map((path) => statSync(join(root, path)).mtimeMs / 1000));
  await layer({ path: 'a/', mtime: 100 }, { path: 'a/b/', mtime: 200 }, { path: 'a/b/gone', mtime: 300 });
  await layer({ path: 'a/b/.wh.gone' }, { path: 'a/b/come', mtime: 400 }, { path: 'new/file', mtime: 500 });
  expect(times()).toEqual([0, 100, 200, 500]);
});
