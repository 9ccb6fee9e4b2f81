import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { create } from 'tar';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { archivePath } from '../src/archive/archive.ts';
import { provide } from '../src/archive/cache.ts';

let temporary: string;
let cache: string;
let said: string[];
beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), 'boxstep cache-'));
  cache = join(temporary, 'cache/archives');
  vi.stubEnv('BOXSTEP_CACHE', join(temporary, 'cache'));
  said = [];
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(temporary, { recursive: true });
});

/** An archive, and where it is to be unpacked. */
async function archive(name: string): Promise<[archive: string, to: string]> {
  const path = join(temporary, name);
  writeFileSync(join(temporary, 'file'), name);
  await create({ file: path, cwd: temporary }, ['file']);
  return [path, archivePath(path)];
}

const use = ([path, to]: [string, string]) => provide(path, to, (line) => said.push(line));
const unpacked = () => readdirSync(cache).filter((name) => !name.endsWith('.archive'));

/** What a runtime that has ended unpacked. */
async function usedBefore(name: string): Promise<[archive: string, to: string]> {
  const [path, to] = await archive(name);
  mkdirSync(to, { recursive: true });
  writeFileSync(`${to}.archive`, path);
  return [path, to];
}

test('what was unpacked from an archive that is gone, or has changed, is removed when another is unpacked', async () => {
  const [gone, ofGone] = await usedBefore('gone.tar');
  rmSync(gone);
  const [changed, ofChanged] = await usedBefore('changed.tar');
  utimesSync(changed, 1000, 1000);
  const [, ofKept] = await usedBefore('kept.tar');
  const another = await archive('another.tar');
  await use(another);
  expect(unpacked().sort()).toEqual([basename(another[1]), basename(ofKept)].sort());
  expect(said.slice(2).sort()).toEqual(
    [ofChanged, ofGone].map((path) => `Removed ${path}: the archive it came from is gone, or has changed`),
  );
});

test('what is unpacked, of which some may be set-user-ID, is kept from other users', async () => {
  const one = await archive('one.tar');
  await use(one);
  expect(existsSync(one[1])).toBe(true);
  expect(statSync(cache).mode & 0o777).toBe(0o700);
});

test('nothing is looked for when nothing new is unpacked', async () => {
  const there = await usedBefore('there.tar');
  const [gone, ofGone] = await usedBefore('gone.tar');
  rmSync(gone);
  await use(there);
  expect(existsSync(ofGone)).toBe(true);
  expect(said).toEqual([]);
});

test('what a container has as its root stays, also when its archive is gone', async () => {
  const used = await archive('used.tar');
  await use(used);
  rmSync(used[0]);
  await use(await archive('another.tar'));
  expect(existsSync(used[1])).toBe(true);
});

test('a directory of which nobody knows the archive is removed, and what was left of a removal', async () => {
  const { pid } = spawnSync('true');
  mkdirSync(join(cache, 'unknown-0123456789abcdef/etc'), { recursive: true });
  mkdirSync(join(cache, `half-0123456789abcdef.making-${pid}-no-more/etc`), { recursive: true });
  const another = await archive('another.tar');
  await use(another);
  expect(unpacked()).toEqual([basename(another[1])]);
});
