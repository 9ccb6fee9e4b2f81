import {
  chmodSync,
  chownSync,
  copyFileSync,
  lchownSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { beforeEach, describe, expect, test } from 'vitest';
import { type SmallClone, smallClone } from './cold-start.ts';
import { needs } from './needs.ts';

beforeEach(needs('root'));

const SOMEBODY = 54321;
const ANOTHER = 54322;

/** Makes a cache say something else than the sources do, as somebody would who wants another user to run it. */
function forge({ cache }: SmallClone): void {
  const bytes = readFileSync(cache, 'latin1').replaceAll('hello', 'pwned');
  writeFileSync(cache, bytes, 'latin1');
}

/** Gives the whole clone to a user. */
function give({ folder }: SmallClone, uid: number): void {
  const all = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  for (const path of ['.', ...all]) lchownSync(join(folder, path), uid, uid);
}

/** Runs the step as a user. */
function as(uid: number, { folder }: SmallClone) {
  const user = ['--reuid', `${uid}`, '--regid', `${uid}`, '--clear-groups'];
  return execa('setpriv', [...user, join(folder, 'boxstep'), '1'], { reject: false, all: true });
}

describe('root does not run a cache', { tags: ['once'] }, () => {
  async function forged(): Promise<SmallClone> {
    const clone = smallClone();
    await clone.boxstep();
    forge(clone);
    return clone;
  }

  test('which is run if root has written it, so that the tests below show something', async () => {
    const { boxstep } = await forged();
    expect((await boxstep()).all).toBe('pwned from the cache');
  });

  test('that somebody else owns', async () => {
    const { boxstep, cache } = await forged();
    chownSync(cache, SOMEBODY, SOMEBODY);
    expect((await boxstep()).all).toBe('hello from the cache');
    expect(statSync(cache).uid).toBe(0);
  });

  test.each([0o664, 0o646])('that others could have written to: mode %o', async (mode) => {
    const { boxstep, cache } = await forged();
    chmodSync(cache, mode);
    expect((await boxstep()).all).toBe('hello from the cache');
  });

  test.each([0o775, 0o777, 0o1777])('in a folder that others may write to: mode %o', async (mode) => {
    const { boxstep, cache } = await forged();
    chmodSync(dirname(cache), mode);
    expect((await boxstep()).all).toBe('hello from source');
  });

  test("in somebody else's folder", async () => {
    const { boxstep, cache } = await forged();
    chownSync(dirname(cache), SOMEBODY, SOMEBODY);
    expect((await boxstep()).all).toBe('hello from source');
  });

  test('in a folder that is elsewhere', async () => {
    const { boxstep, cache, folder } = await forged();
    const elsewhere = join(folder, 'elsewhere');
    await execa('mv', [dirname(cache), elsewhere]);
    symlinkSync(elsewhere, dirname(cache));
    expect((await boxstep()).all).toBe('hello from source');
  });

  test('that is a link', async () => {
    const { boxstep, cache, folder } = await forged();
    copyFileSync(cache, join(folder, 'forged'));
    await execa('ln', ['-sfn', join(folder, 'forged'), cache]);
    expect((await boxstep()).all).toBe('hello from the cache');
  });
});

describe("in somebody else's clone", { tags: ['once'] }, () => {
  beforeEach(needs('an open folder'));

  test('root uses what its owner has written, and leaves them what it writes', async () => {
    const clone = smallClone();
    give(clone, SOMEBODY);
    expect((await clone.boxstep()).all).toBe('hello from the cache');
    for (const path of [dirname(dirname(clone.cache)), dirname(clone.cache), clone.cache])
      expect(statSync(path)).toMatchObject({ uid: SOMEBODY, gid: SOMEBODY });
    expect((await as(SOMEBODY, clone)).all).toBe('hello from the cache');
    forge(clone);
    expect((await clone.boxstep()).all).toBe('pwned from the cache'); // as it would run the owner's sources
  });

  test('a user starts without the cache, and from the one that its owner has made', async () => {
    const clone = smallClone();
    give(clone, SOMEBODY);
    chmodSync(clone.folder, 0o755);
    expect((await as(ANOTHER, clone)).all).toBe('hello from source');
    await as(SOMEBODY, clone);
    expect((await as(ANOTHER, clone)).all).toBe('hello from the cache');
    expect(readdirSync(dirname(clone.cache)).length).toBe(2);
  });
});

test.each([
  'mount -t tmpfs none /sys/fs/cgroup',
  'for at in /sys/fs/cgroup /sys/fs/cgroup/*/; do mount -o remount,ro,bind $at 2>/dev/null || true; done',
  'umount -l /proc',
])('nothing is amiss where the kernel can not be made to wait early: %s', async (without) => {
  const { boxstep, folder } = smallClone();
  await boxstep(['run']);
  const script = `${without} && exec "$0/boxstep" 1 run`;
  const { all } = await execa('unshare', ['--mount', 'sh', '-c', script, folder], { reject: false, all: true });
  expect(all).toBe('hello from the cache');
});

test('a clone that is read-only is run from source, and from the cache if it has one', { tags: ['once'] }, async () => {
  const { boxstep, folder } = smallClone();
  const readOnly = () => {
    const script = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$0/boxstep" 1';
    return execa('unshare', ['--mount', 'sh', '-c', script, folder], { reject: false, all: true });
  };
  expect((await readOnly()).all).toBe('hello from source');
  await boxstep();
  expect((await readOnly()).all).toBe('hello from the cache');
});
