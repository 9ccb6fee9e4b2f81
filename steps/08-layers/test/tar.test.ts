import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ReadEntry } from '../src/tar/entry.ts';
import { entries } from '../src/tar/read.ts';
import { archive, inPieces } from './archives.ts';

type Read = Omit<ReadEntry, 'body'> & { content: string };

async function read(tar: Buffer, length = 1000): Promise<Read[]> {
  const all: Read[] = [];
  for await (const { body, ...entry } of entries(inPieces(tar, length))) {
    const chunks: Buffer[] = [];
    for await (const chunk of body) chunks.push(Buffer.from(chunk));
    all.push({ ...entry, content: Buffer.concat(chunks).toString('latin1') });
  }
  return all;
}

test.for([1, 7, 512, 513, 100_000])('an archive is read alike in pieces of %d bytes', async (length) => {
  const tar = archive(
    { path: 'a/' },
    { path: 'a/b', body: 'x'.repeat(1500) },
    { path: `${'long/'.repeat(60)}name`, body: 'y' },
  );
  const all = await read(tar, length);
  expect(all.map(({ path }) => path.toString())).toEqual(['a/', 'a/b', `${'long/'.repeat(60)}name`]);
  expect(all.map(({ content }) => content.length)).toEqual([0, 1500, 1]);
});

test('what is written is read again: large numbers, attributes, bytes that are no text', async () => {
  const given = {
    path: Buffer.from('n\xe4me', 'latin1'),
    uid: 4_000_000_000,
    gid: 3_000_000,
    mtime: 9_000_000_000,
    xattrs: { 'security.capability': Buffer.from([1, 0, 0, 10, 61, 0]), 'user.x': Buffer.from('\xff\n', 'latin1') },
  };
  const [one] = await read(archive(given));
  expect(one).toMatchObject({ path: given.path, uid: given.uid, gid: given.gid, mtime: given.mtime });
  expect(Object.fromEntries(one?.xattrs ?? [])).toEqual(given.xattrs);
});

test('the same entries are the same bytes', () => {
  const make = (xattrs: Record<string, Buffer>) => archive({ path: 'a', xattrs });
  const [x, y] = [Buffer.from('1'), Buffer.from('2')];
  expect(make({ 'user.a': x, 'user.b': y }).equals(make({ 'user.b': y, 'user.a': x }))).toBe(true);
});

test.for(['gnu', 'pax', 'ustar', 'v7', 'oldgnu'])('reads what GNU tar writes as %s', async (format) => {
  const top = mkdtempSync(join(tmpdir(), 'boxstep-tar-'));
  try {
    const long = format === 'v7' ? 'short' : 'n'.repeat(format === 'ustar' ? 90 : 200);
    writeFileSync(join(top, long), 'content');
    const tar = execFileSync('tar', ['-C', top, `--format=${format}`, '-cf', '-', `./${long}`]);
    expect((await read(tar)).map(({ path, content }) => [path.toString(), content])).toEqual([
      [`./${long}`, 'content'],
    ]);
  } finally {
    rmSync(top, { recursive: true });
  }
});

test('GNU tar reads what is written here', () => {
  const tar = archive(
    { path: 'd/' },
    { path: `d/${'n'.repeat(150)}`, body: 'hello' },
    { type: 'symlink', path: 'l', linkpath: 'd' },
  );
  const listed = execFileSync('tar', ['-tvf', '-'], { input: tar, encoding: 'utf8' });
  expect(listed).toContain(`d/${'n'.repeat(150)}`);
  expect(listed).toContain('l -> d');
});

test.for([
  ['a header of a gigabyte', Buffer.from('1 path=x\n'), { type: 'x', size: 1e9 }],
  ['a record without a length', Buffer.from('path=x\n'), { type: 'x' }],
  ['a record that is longer than its header', Buffer.from('99 path=x\n'), { type: 'x' }],
  ['a record of no bytes, which would never end', Buffer.from('0 path=x\n'), { type: 'x' }],
] as const)('%s is refused', async ([, body, { type, ...more }]) => {
  const one = archive({ path: 'h', body });
  const size = 'size' in more ? more.size : body.length;
  one.write(size.toString(8).padStart(11, '0'), 124, 'latin1');
  one.write(type, 156, 'latin1');
  one.write('        ', 148, 'latin1');
  const sum = one.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  one.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  await expect(read(one)).rejects.toThrow(/header/);
});
