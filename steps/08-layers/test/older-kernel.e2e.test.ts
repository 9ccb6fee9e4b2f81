import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { arch, tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { asAUser, BOXSTEP, boxstep, typed } from '../../../test/boxstep.ts';
import { needs } from '../../../test/needs.ts';
import { archive, type Given, inPieces } from './archives.ts';

const SINCE = '../src/older-kernel/since.ts';

let applyLayer: typeof import('../src/layer.ts').applyLayer;
let detached: typeof import('../src/unpack/here.ts').detached;
beforeAll(async () => {
  vi.resetModules(); // another file's tests may have loaded them for the kernel that there is
  vi.doMock(SINCE, () => ({ isLinuxSince: () => false }));
  ({ applyLayer } = await import('../src/layer.ts'));
  ({ detached } = await import('../src/unpack/here.ts'));
  expect((await import('../src/older-kernel/mount.ts')).takesOneByOne()).toBe(false);
});
afterAll(() => {
  vi.doUnmock(SINCE);
  vi.resetModules();
});

let top: string;
let layers: string[];
beforeEach((context) => {
  needs('root', 'overlay')(context);
  top = mkdtempSync(join(tmpdir(), 'boxstep-older-'));
  layers = [];
});
afterEach(() => {
  if (top) rmSync(top, { recursive: true, force: true });
});

async function layer(...entries: Given[]): Promise<void> {
  const into = mkdtempSync(join(top, 'layer,:-'));
  await applyLayer(inPieces(archive(...entries)), layers, into);
  layers = [into, ...layers];
}

function merged<T>(look: (root: string) => T): T {
  const root = detached({ lowers: layers });
  try {
    return look(`/proc/self/fd/${root}`);
  } finally {
    closeSync(root);
  }
}

describe('where the kernel is too old for fsconfig to take lower directories one by one', () => {
  test('a layer is unpacked onto those below it, and no mount is left', async () => {
    const namespace = () => readlinkSync('/proc/thread-self/ns/mnt');
    const cwd = () => readlinkSync('/proc/thread-self/cwd'); // process.cwd() would be what Node remembers
    const before = [namespace(), cwd()];
    await layer({ path: 'd/a', body: 'a' }, { path: 'd/b', body: 'b' });
    await layer({ path: 'd/.wh.a' }, { type: 'link', path: 'd/c', linkpath: 'd/b' });
    await layer({ path: 'e' });
    expect(merged((root) => readFileSync(join(root, 'd/c'), 'utf8'))).toBe('b');
    expect(merged((root) => readdirSync(join(root, 'd')))).toEqual(['b', 'c']);
    expect([namespace(), cwd()]).toEqual(before);
    expect(readFileSync('/proc/thread-self/mountinfo', 'utf8')).not.toContain(top);
  });

  test('500 directories are one', () => {
    layers = Array.from({ length: 500 }, (_, nth) => join(top, `${nth}-${'x'.repeat(200)}`));
    for (const [nth, path] of layers.entries()) {
      mkdirSync(path);
      writeFileSync(join(path, `f${nth}`), '');
    }
    expect(merged((root) => readdirSync(root)).length).toBe(500);
  });

  test('a container has its root by mount(2), and writes to its own directory', async () => {
    const old = (...args: string[]) =>
      execa('setarch', [machine(), '--uname-2.6', BOXSTEP, ...typed(['8', ...args])], asAUser());
    const [name, root] = ['older', join(top, 'root,:')];
    expect((await boxstep('8', 'rootfs', root)).exitCode).toBe(0);
    expect((await old('plan', '--network', 'none', root)).stdout).toMatch(
      /mount\("overlay", .*lowerdir=512,upperdir=513/,
    );
    const ran = await old(
      'run',
      '--network',
      'none',
      '--name',
      name,
      '--keep',
      root,
      'sh',
      '-c',
      'echo x >/new; cat /new',
    );
    expect(ran.all).toBe('x');
    expect((await old('diff', name)).stdout).toBe('A /new');
    expect((await old('rm', name)).stdout).toBe(name);
    expect(readdirSync(root)).not.toContain('new');
  });
});

function machine(): string {
  return arch() === 'arm64' ? 'aarch64' : 'x86_64';
}
