import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { needs } from '../../../test/needs.ts';
import { openArchive } from '../src/tar/open.ts';
import { archive } from './archives.ts';

let top: string;
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'boxstep-open-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(top, { recursive: true });
});

const TAR = archive({ path: 'a', body: randomBytes(1_000_000) }, { path: 'b', body: 'x' });

function compressed(name: 'gzip' | 'zstd' | 'xz' | 'bzip2', tar = TAR): Buffer {
  if (name === 'gzip') return gzipSync(tar);
  if (name === 'zstd') return zstdCompressSync(tar);
  return execFileSync(name, ['-c'], { input: tar, maxBuffer: 1 << 26 });
}

function written(bytes: Buffer): string {
  const path = join(top, 'archive.tar');
  writeFileSync(path, bytes);
  return path;
}

async function contents(path: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of openArchive(path).chunks) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

describe('an archive', () => {
  test('that is not compressed is read as it is', async () => {
    expect((await contents(written(TAR))).equals(TAR)).toBe(true);
  });

  test.for(['gzip', 'zstd', 'xz', 'bzip2'] as const)('compressed by %s is decompressed', async (name, context) => {
    if (name === 'xz' || name === 'bzip2') needs(name)(context);
    expect((await contents(written(compressed(name)))).equals(TAR)).toBe(true);
  });

  test.for(['gzip', 'zstd', 'xz', 'bzip2'] as const)('that %s finds cut short is refused', async (name, context) => {
    if (name === 'xz' || name === 'bzip2') needs(name)(context);
    const path = written(compressed(name).subarray(0, -20));
    await expect(contents(path)).rejects.toThrow(`its ${name} compression is damaged or cut short: `);
  });

  test.for(['gzip', 'zstd'] as const)('of several parts that %s has compressed is all of them', async (name) => {
    const parts = [TAR.subarray(0, 131_072), TAR.subarray(131_072)].map((part) => compressed(name, part));
    expect((await contents(written(Buffer.concat(parts)))).equals(TAR)).toBe(true);
  });

  test.for([
    ['gzip', 'zeros and another part', Buffer.concat([Buffer.alloc(8), compressed('gzip')])],
    ['gzip', 'zeros and a text', Buffer.from('\0\0text')],
    ['zstd', 'a text', Buffer.from('text')],
  ] as const)('that %s has compressed, with %s after it, lost what came after', async ([name, _, more]) => {
    const path = written(Buffer.concat([compressed(name), more]));
    const message = `its ${name} compression is damaged or cut short: something else comes after its end`;
    await expect(contents(path)).rejects.toThrow(message);
  });

  test('that is padded with zeros, as on a tape, is whole', async () => {
    const path = written(Buffer.concat([compressed('gzip'), Buffer.alloc(300_000)]));
    expect((await contents(path)).equals(TAR)).toBe(true);
  });

  test.for(['gzip', 'zstd'] as const)('compressed by %s is decompressed where that is not installed', async (name) => {
    vi.stubEnv('PATH', top);
    expect((await contents(written(compressed(name)))).equals(TAR)).toBe(true);
  });

  test('compressed by xz is refused where that is not installed, naming it', (context) => {
    needs('xz')(context);
    const path = written(compressed('xz'));
    vi.stubEnv('PATH', top);
    expect(() => openArchive(path)).toThrow("it's compressed with xz, and there is no program xz here");
  });

  test.for(['gzip', 'zstd'] as const)(
    'that %s makes much smaller is whole: memory is given back only after it was read',
    async (name) => {
      const tar = archive(
        { path: 'a', body: Buffer.alloc(3_000_000, 'abc') },
        { path: 'b', body: randomBytes(700_000) },
      );
      expect((await contents(written(compressed(name, tar)))).equals(tar)).toBe(true);
    },
  );

  test.for(['gzip', 'xz'] as const)('by %s of which no more is wanted leaves nothing open', async (name, context) => {
    if (name === 'xz') needs(name)(context);
    const path = written(compressed(name));
    const before = pipes().length;
    openArchive(path).close();
    for await (const _ of openArchive(path).chunks) break;
    await expect.poll(programs).toEqual([]);
    await expect.poll(() => descriptors().filter((one) => one === path)).toEqual([]);
    await expect.poll(() => pipes().length).toBe(before);
  });
});

function pipes(): string[] {
  return descriptors().filter((one) => one.startsWith('pipe:'));
}

/** What is open. */
function descriptors(): string[] {
  return readdirSync('/proc/self/fd').map((fd) => of(() => readlinkSync(`/proc/self/fd/${fd}`)));
}

/** The programs of ours that decompress. */
function programs(): string[] {
  const ours = new RegExp(`\\((gzip|zstd|xz)\\) [A-Z] ${process.pid} `);
  return readdirSync('/proc').filter((pid) => ours.test(of(() => readFileSync(`/proc/${pid}/stat`, 'utf8'))));
}

/** Nothing, where it's gone again. */
function of(reading: () => string): string {
  try {
    return reading();
  } catch {
    return '';
  }
}
