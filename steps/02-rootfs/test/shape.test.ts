import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create } from 'tar';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { unpack } from '../src/archive/archive.ts';
import { isImage, whatElse } from '../src/archive/shape.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'boxstep-shape-'));
});
afterEach(() => rmSync(root, { recursive: true }));

test.each([
  [['manifest.json', 'repositories', '0a1b', 'json'], true],
  [['oci-layout', 'index.json', 'blobs'], true],
  [['manifest.json', 'oci-layout', 'index.json', 'blobs'], true],
  [['manifest.json', 'bin', 'etc'], false],
  [['index.json'], false],
  [['bin'], false],
  [[], false],
])('%j is an image: %s', (names, is) => {
  expect(isImage(names)).toBe(is);
});

test('an archive that is an image is refused, with what to do', async () => {
  writeFileSync(join(root, 'manifest.json'), '[]');
  mkdirSync(join(root, 'blobs'));
  const archive = `${root}.tar`;
  await create({ cwd: root, file: archive }, ['manifest.json', 'blobs']);
  await expect(unpack(archive, join(root, 'to'), () => {})).rejects.toThrow(
    /it's an image, with root filesystems in layers, and step 8 reads those; .* docker export c > c\.tar$/,
  );
  rmSync(archive);
});

test('a tree that lies further down is found there', () => {
  for (const made of ['proc', 'dev', 'my root/bin', 'my root/etc']) mkdirSync(join(root, made), { recursive: true });
  expect(whatElse(root, undefined)).toBe(
    `the root filesystem seems to be ${join(root, 'my root')}: give that directory`,
  );
  expect(whatElse(root, '/srv/x.tar')).toMatch(
    /seems to lie below my root\/ in \/srv\/x\.tar: .* tar -C 'my root' -cf 'my root\.tar' \.$/,
  );
});

test('of what may well be a root filesystem nothing is said', () => {
  mkdirSync(join(root, 'app/lib'), { recursive: true });
  mkdirSync(join(root, 'bin'));
  expect(whatElse(root, undefined)).toBeUndefined();
  rmSync(join(root, 'app/lib'), { recursive: true });
  rmSync(join(root, 'bin'), { recursive: true });
  expect(whatElse(root, undefined)).toBeUndefined();
});
