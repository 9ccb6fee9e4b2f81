import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { create, Header, type HeaderData, Pax } from 'tar';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { needs } from '../../../test/needs.ts';
import { archivePath, unpack } from '../src/archive/archive.ts';

let temporary: string;
let archive: string;
let to: string;
let said: string[];
beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), 'boxstep archive-'));
  archive = join(temporary, 'image.tar');
  to = join(temporary, 'cache/unpacked');
  said = [];
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(temporary, { recursive: true });
});

interface Entry extends HeaderData {
  body?: string;
}
const file = (path: string, body = 'text', more: HeaderData = {}): Entry => ({ path, type: 'File', body, ...more });
const directory = (path: string, more: HeaderData = {}): Entry => ({ path, type: 'Directory', ...more });
const symlink = (path: string, linkpath: string): Entry => ({ path, type: 'SymbolicLink', linkpath });
const link = (path: string, linkpath: string): Entry => ({ path, type: 'Link', linkpath });

/** One block of header, and the body's; names are as given, however hostile. */
function blocks({ body = '', ...data }: Entry): Buffer {
  const header = new Header({ mode: data.type === 'Directory' ? 0o755 : 0o644, uid: 0, gid: 0, ...data });
  header.size = Buffer.byteLength(body);
  header.encode();
  return Buffer.concat([header.block ?? Buffer.of(), padded(body)]);
}

/** A frame that zstd and lz4 pass over. */
function skippable(text: string, kind = 0): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32LE(0x184d2a50 + kind, 0);
  head.writeUInt32LE(text.length, 4);
  return Buffer.concat([head, Buffer.from(text)]);
}

function padded(body: string): Buffer {
  return Buffer.from(
    body.padEnd(Math.ceil(Buffer.byteLength(body) / 512) * 512 - Buffer.byteLength(body) + body.length, '\0'),
  );
}

/** An entry with an extended header before it, which overrides what it says. */
function extended(data: ConstructorParameters<typeof Pax>[0], entry: Entry): Buffer {
  return Buffer.concat([new Pax(data).encode(), blocks(entry)]);
}

function tar(...entries: (Entry | Buffer)[]): Buffer {
  return Buffer.concat([
    ...entries.map((entry) => (Buffer.isBuffer(entry) ? entry : blocks(entry))),
    Buffer.alloc(1024),
  ]);
}

/** An entry in which each ? is é as Latin-1 has it. */
function latin1(entry: Entry): Buffer {
  const bytes = blocks(entry);
  for (let at = bytes.indexOf('?'); at !== -1; at = bytes.indexOf('?')) bytes[at] = 0xe9;
  const sum = bytes.subarray(0, 512).reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return bytes;
}

/** Unpacks the archive made of these. */
async function unpacked(...entries: (Entry | Buffer)[]): Promise<void> {
  writeFileSync(archive, tar(...entries));
  await unpack(archive, to, (line) => said.push(line));
}

/** The error of unpacking, which must leave nothing behind. */
async function refusal(content: Buffer): Promise<string> {
  writeFileSync(archive, content);
  const error = await unpack(archive, to, (line) => said.push(line)).then(
    () => new Error('no error'),
    (error: Error) => error,
  );
  expect(existsSync(dirname(to)) ? readdirSync(dirname(to)) : []).toEqual([]);
  return error.message;
}

function read(path: string): string {
  return readFileSync(join(to, path), 'utf8');
}

/** The paths of the regular files below; Node's own recursive readdir follows links. */
function files(root: string): string[] {
  return readdirSync(root, { withFileTypes: true }).flatMap((entry) => {
    const path = join(root, entry.name);
    if (entry.isDirectory()) return files(path);
    return entry.isFile() ? path : [];
  });
}

/** Every path below, with what a link says. */
function everything(root: string, below = ''): string[] {
  return readdirSync(join(root, below), { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(below, entry.name);
      if (entry.isSymbolicLink()) return `${path} -> ${readlinkSync(join(root, path))}`;
      return entry.isDirectory() ? [`${path}/`, ...everything(root, path)] : path;
    })
    .sort();
}

describe('the place of an unpacked archive', () => {
  beforeEach(() => {
    vi.stubEnv('BOXSTEP_CACHE', '/somewhere');
    archive = join(temporary, 'my image, 2.tar.gz');
    writeFileSync(archive, 'anything');
    utimesSync(archive, 1000, 1000);
  });

  test('is in the cache, under its name and a hash', () => {
    expect(archivePath(archive)).toMatch(/^\/somewhere\/archives\/my_image__2-[0-9a-f]{16}$/);
    expect(archivePath(archive)).toBe(archivePath(archive));
  });

  test('is another one after the archive has changed', () => {
    const before = archivePath(archive);
    utimesSync(archive, 1001, 1001);
    const later = archivePath(archive);
    writeFileSync(archive, 'anything longer');
    utimesSync(archive, 1001, 1001);
    expect(new Set([before, later, archivePath(archive)]).size).toBe(3);
  });

  test('is another one for an archive of the same name elsewhere', () => {
    mkdirSync(join(temporary, 'elsewhere'));
    const other = join(temporary, 'elsewhere', basename(archive));
    writeFileSync(other, 'anything');
    utimesSync(other, 1000, 1000);
    expect(archivePath(other)).not.toBe(archivePath(archive));
  });

  test('has a name that a file system takes, however long that of the archive is', () => {
    const long = join(temporary, `${'ü'.repeat(120)}.tar`);
    writeFileSync(long, '');
    expect(basename(archivePath(long)).length).toBeLessThan(100);
  });
});

describe('an archive', () => {
  test.each([
    ['as it is', (bytes: Buffer) => bytes],
    ['compressed with gzip', gzipSync],
    [
      'compressed with gzip in two parts',
      (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 700), bytes.subarray(700)].map((part) => gzipSync(part))),
    ],
    ['compressed with zstd', zstdCompressSync],
    [
      'compressed with zstd in two frames',
      (bytes: Buffer) =>
        Buffer.concat([bytes.subarray(0, 700), bytes.subarray(700)].map((part) => zstdCompressSync(part))),
    ],
  ])('%s is unpacked', async (_, compress) => {
    writeFileSync(archive, compress(tar(directory('etc/'), file('etc/hostname', 'box\n'), symlink('bin', 'usr/bin'))));
    await unpack(archive, to, () => {});
    expect(everything(to)).toEqual(['bin -> usr/bin', 'etc/', 'etc/hostname']);
    expect(read('etc/hostname')).toBe('box\n');
  });

  test('is unpacked once, and says that it takes a while and then what came of it', async () => {
    await unpacked(directory('./'), file('./file', 'x'.repeat(150_000)));
    expect(said).toEqual([`Unpacking ${archive}, this once: ${to}`, 'Unpacked 2 entries, 0.1 MB.']);
    writeFileSync(join(to, 'mine'), '');
    await unpack(archive, to, (line) => said.push(line));
    expect(said.length).toBe(2);
    expect(everything(to)).toEqual(['file', 'mine']);
  });

  test('is unpacked by two at once, and both find it whole', async () => {
    writeFileSync(archive, tar(...Array.from({ length: 2000 }, (_, i) => file(`f${i}`))));
    await Promise.all([unpack(archive, to, () => {}), unpack(archive, to, () => {})]);
    expect(readdirSync(dirname(to))).toEqual(['unpacked']);
    expect(readdirSync(to).length).toBe(2000);
  });

  test('takes away what a dead maker left', async () => {
    const { pid } = spawnSync('true');
    mkdirSync(`${to}.making-${pid}-abc/usr`, { recursive: true });
    await unpacked(file('file'));
    expect(readdirSync(dirname(to))).toEqual(['unpacked']);
  });

  test('of 30,000 entries is unpacked', { timeout: 120_000 }, async () => {
    const many = Array.from({ length: 30_000 }, (_, i) => file(`d${i % 100}/f${i}`, ''));
    writeFileSync(archive, Buffer.concat([...many.map(blocks), Buffer.alloc(1024)]));
    await unpack(archive, to, (line) => said.push(line));
    expect(said.at(-1)).toBe('Unpacked 30,000 entries, 0.0 MB.');
    expect(everything(to).length).toBe(30_100);
  });

  test('of names that begin with ./ or / is the same without', async () => {
    await unpacked(
      directory('.', { mode: 0o711 }),
      directory('./etc'),
      file('./etc/one'),
      file('/etc/two'),
      file('etc/./three'),
    );
    expect(everything(to)).toEqual(['etc/', 'etc/one', 'etc/three', 'etc/two']);
    expect(statSync(to).mode & 0o7777).toBe(0o711);
  });

  test('without an entry for a directory gets it, open to all', async () => {
    const umask = process.umask(0o077);
    await unpacked(file('a/b/file'), symlink('c/d/link', 'nowhere')).finally(() => process.umask(umask));
    expect(everything(to)).toEqual(['a/', 'a/b/', 'a/b/file', 'c/', 'c/d/', 'c/d/link -> nowhere']);
    for (const path of ['', 'a', 'a/b', 'c/d']) expect(statSync(join(to, path)).mode & 0o7777, path).toBe(0o755);
  });

  test('keeps modes, whatever they are, and times', async () => {
    const mtime = new Date('2001-02-03T04:05:06Z');
    await unpacked(
      directory('d', { mode: 0o1777, mtime }),
      file('d/setuid', 'x', { mode: 0o4755, mtime }),
      file('d/none', 'x', { mode: 0, mtime }),
      directory('closed', { mode: 0o500, mtime }),
      file('closed/file', 'x', { mtime }),
      { ...symlink('d/link', 'none'), mtime },
    );
    const mode = (path: string) => lstatSync(join(to, path)).mode & 0o7777;
    expect(['d', 'd/setuid', 'd/none', 'closed'].map(mode)).toEqual([0o1777, 0o4755, 0, 0o500]);
    for (const path of ['d', 'd/setuid', 'closed', 'closed/file', 'd/link']) {
      expect(lstatSync(join(to, path)).mtime, path).toEqual(mtime);
    }
    expect(lstatSync(to).isDirectory()).toBe(true);
    chmodSync(join(to, 'closed'), 0o700); // or only root could remove what is in it
  });

  test('keeps owners, and setuid with them, for root', async (context) => {
    needs('root')(context);
    await unpacked(
      file('shadow', 'x', { mode: 0o2755, uid: 1234, gid: 42 }),
      directory('home', { uid: 1000, gid: 1000 }),
      { ...symlink('link', 'shadow'), uid: 7, gid: 8 },
      extended({ uid: 3_000_000_000, gid: 5 }, file('big')),
    );
    const owner = (path: string) => [lstatSync(join(to, path)).uid, lstatSync(join(to, path)).gid];
    expect(['shadow', 'home', 'link', 'big'].map(owner)).toEqual([
      [1234, 42],
      [1000, 1000],
      [7, 8],
      [3_000_000_000, 5],
    ]);
    expect(lstatSync(join(to, 'shadow')).mode & 0o7777).toBe(0o2755);
  });

  test('keeps what symbolic links say, be it absolute or beyond the root', async () => {
    await unpacked(symlink('bin/ls', '/bin/busybox'), symlink('etc/mtab', '../proc/mounts'), symlink('up', '../../x'));
    expect(everything(to)).toEqual([
      'bin/',
      'bin/ls -> /bin/busybox',
      'etc/',
      'etc/mtab -> ../proc/mounts',
      'up -> ../../x',
    ]);
  });

  test('keeps hard links, also through links to directories and to symbolic links', async () => {
    await unpacked(
      file('usr/bin/one', 'one'),
      symlink('bin', '/usr/bin'),
      link('two', './bin/one'),
      symlink('usr/three', 'bin/one'),
      link('usr/four', 'usr/three'),
      link('usr/bin/one', 'bin/one'),
    );
    expect(statSync(join(to, 'two')).ino).toBe(statSync(join(to, 'usr/bin/one')).ino);
    expect(readlinkSync(join(to, 'usr/four'))).toBe('bin/one');
    expect(read('usr/four')).toBe('one');
  });

  test('with a merged /usr puts bin/sh into usr/bin', async () => {
    await unpacked(
      symlink('bin', 'usr/bin'),
      file('bin/sh', 'shell'),
      symlink('lib64', '/lib'),
      symlink('lib', 'usr/lib'),
      file('lib64/ld.so', 'ld'),
    );
    expect(everything(to)).toEqual([
      'bin -> usr/bin',
      'lib -> usr/lib',
      'lib64 -> /lib',
      'usr/',
      'usr/bin/',
      'usr/bin/sh',
      'usr/lib/',
      'usr/lib/ld.so',
    ]);
  });

  test('has of several entries of one name the last', async () => {
    await unpacked(
      file('a', 'one'),
      file('a', 'two'),
      symlink('b', 'a'),
      file('b', 'no link any more'),
      file('c'),
      symlink('c', 'a'),
      directory('d'),
      symlink('d', 'nowhere'),
      symlink('e', 'nowhere'),
      directory('e'),
      file('e/file', 'in a directory'),
      directory('f'),
      file('f', 'was a directory'),
      file('g'),
      directory('g'),
      file('h', 'old'),
      link('i', 'h'),
      file('h', 'new'),
    );
    expect(everything(to)).toEqual(['a', 'b', 'c -> a', 'd -> nowhere', 'e/', 'e/file', 'f', 'g/', 'h', 'i']);
    expect(['a', 'b', 'f', 'h', 'i'].map(read)).toEqual(['two', 'no link any more', 'was a directory', 'new', 'old']);
  });

  test('keeps names of any kind: long, with spaces, newlines, backslashes and colons', async () => {
    const long = `${'directory/'.repeat(50)}${'n'.repeat(200)}`;
    const names = ['with space', 'with\nnewline', 'c:drive', 'back\\slash', '.wh.file', '-rf', 'Főtanúsítvány'];
    await unpacked(...names.map((name) => file(name, name)), extended({ path: long }, file('short', 'long')));
    for (const name of names) expect(read(name)).toBe(name);
    expect(read(long)).toBe('long');
  });

  test('of GNU tar is unpacked as by that, long names and all', async (context) => {
    needs('tar')(context);
    const source = join(temporary, 'source');
    const deep = join(source, 'd'.repeat(120), 'e'.repeat(120));
    mkdirSync(deep, { recursive: true });
    writeFileSync(join(deep, 'file'), 'text');
    execFileSync('ln', [join(deep, 'file'), join(deep, 'hard')]);
    for (const format of ['gnu', 'pax']) {
      execFileSync('tar', ['-C', source, `--format=${format}`, '-cf', archive, '.']);
      await unpack(archive, `${to}-${format}`, () => {});
      expect(everything(`${to}-${format}`)).toEqual(everything(source));
    }
  });

  test.each([
    ['with a frame to skip first, as pzstd writes it', (whole: Buffer) => [skippable('abcd'), zstdCompressSync(whole)]],
    [
      'in several frames, with others between and none of them full',
      (whole: Buffer) => [
        ...[
          skippable(''),
          skippable('x'.repeat(9), 15),
          zstdCompressSync(''),
          zstdCompressSync(whole.subarray(0, 700)),
        ],
        ...[skippable('more'), zstdCompressSync(whole.subarray(700)), skippable('end')],
      ],
    ],
    [
      'in several members of gzip',
      (whole: Buffer) => [whole.subarray(0, 700), whole.subarray(700)].map((part) => gzipSync(part)),
    ],
    ['with zeros after its gzip', (whole: Buffer) => [gzipSync(whole), Buffer.alloc(512)]],
  ])('compressed %s is unpacked', async (_, pack) => {
    writeFileSync(archive, Buffer.concat(pack(tar(file('etc/hostname', 'box'), file('big', 'x'.repeat(900))))));
    await unpack(archive, to, () => {});
    expect(read('etc/hostname')).toBe('box');
  });

  test('whose first name begins as a compressed file does is unpacked', async () => {
    await unpacked(file('BZh91AY', 'here'));
    expect(read('BZh91AY')).toBe('here');
  });

  test('keeps names apart that differ only in how Unicode spells them', async () => {
    await unpacked(file('caf\u00e9', 'one'), file('cafe\u0301', 'two'), file('CAF\u00c9', 'three'));
    expect([read('caf\u00e9'), read('cafe\u0301'), read('CAF\u00c9')]).toEqual(['one', 'two', 'three']);
  });

  test('of this library is unpacked', async () => {
    mkdirSync(join(temporary, 'source'));
    writeFileSync(join(temporary, 'source/file'), 'text');
    await create({ file: archive, cwd: temporary, gzip: true }, ['source']);
    await unpack(archive, to, () => {});
    expect(read('source/file')).toBe('text');
  });

  test('with device nodes and fifos is unpacked without, and says so', async () => {
    await unpacked(
      file('file'),
      ...['null', 'zero', 'full', 'tty'].map((name): Entry => ({ path: `dev/${name}`, type: 'CharacterDevice' })),
      { path: './run/initctl', type: 'FIFO' },
    );
    expect(everything(to)).toEqual(['file']);
    expect(said.slice(1)).toEqual([
      'Unpacked 1 entry, 0.0 MB.',
      '4 device nodes left out: dev/null, dev/zero, dev/full, …',
      '1 fifo left out: run/initctl',
    ]);
  });
});

describe('an archive with extended attributes', () => {
  const paxLine = (key: string, value: Buffer) => {
    const rest = Buffer.concat([Buffer.from(` ${key}=`), value, Buffer.from('\n')]);
    const digits = String(rest.length + 2).length;
    return Buffer.concat([Buffer.from(String(rest.length + digits)), rest]);
  };
  const withAttributes = (entry: Entry, ...lines: Buffer[]) => {
    const body = Buffer.concat(lines);
    const header = new Header({
      path: `PaxHeader/${entry.path}`,
      type: 'ExtendedHeader',
      mode: 0o644,
      size: body.length,
    });
    header.encode();
    const padding = Buffer.alloc((512 - (body.length % 512)) % 512);
    return Buffer.concat([header.block ?? Buffer.of(), body, padding, blocks(entry)]);
  };
  /** What `setcap cap_net_raw+ep` writes, and a byte that is no UTF-8. */
  const CAPABILITY = Buffer.from('010000020020000080000000ff00000000000000', 'hex');

  test('is unpacked without them, and says which files lack which', async () => {
    await unpacked(
      withAttributes(
        file('usr/bin/ping'),
        paxLine('SCHILY.xattr.security.capability', CAPABILITY),
        paxLine('LIBARCHIVE.xattr.security.capability', Buffer.from(CAPABILITY.toString('base64'))),
        paxLine('SCHILY.xattr.user.note', Buffer.from('x')),
      ),
      withAttributes(file('usr/bin/mtr'), paxLine('SCHILY.xattr.security.capability', CAPABILITY)),
      withAttributes({ path: 'dev/null', type: 'CharacterDevice' }, paxLine('SCHILY.xattr.user.a', Buffer.from('x'))),
      file('plain'),
      withAttributes(file('shared'), paxLine('SCHILY.acl.access', Buffer.from('user::rw-'))),
    );
    expect(everything(to)).toEqual(['plain', 'shared', 'usr/', 'usr/bin/', 'usr/bin/mtr', 'usr/bin/ping']);
    expect(said.slice(1)).toEqual([
      'Unpacked 4 entries, 0.0 MB.',
      '2 security.capability attributes left out: usr/bin/ping, usr/bin/mtr',
      '1 user.note attribute left out: usr/bin/ping',
      '1 device node left out: dev/null',
      '1 posix_acl attribute left out: shared',
    ]);
  });
});

describe('an archive that would write outside', () => {
  const hello = 'secret of the victim';
  let victim: string;
  beforeEach(() => {
    victim = join(dirname(to), 'victim');
    mkdirSync(victim, { recursive: true });
    writeFileSync(join(victim, 'hello'), hello, { mode: 0o640 });
  });

  /** Whether it is refused or not: nothing outside has changed, and nothing from there has come in. */
  async function expectNoBreakout(entries: (Entry | Buffer)[]): Promise<string> {
    writeFileSync(archive, tar(directory('victim/'), ...entries));
    const error = await unpack(archive, to, () => {}).catch((error: Error) => error.message);
    expect(readdirSync(victim)).toEqual(['hello']);
    expect(readFileSync(join(victim, 'hello'), 'utf8')).toBe(hello);
    expect(lstatSync(join(victim, 'hello')).mode & 0o7777).toBe(0o640);
    expect(lstatSync(join(victim, 'hello')).nlink).toBe(1);
    expect(readdirSync(dirname(to)).filter((name) => !['victim', 'unpacked'].includes(name))).toEqual([]);
    if (existsSync(to)) {
      for (const path of files(to)) expect(readFileSync(path, 'utf8'), path).not.toBe(hello);
    }
    return error ?? 'unpacked';
  }

  test.each<[string, Entry[]]>([
    ['a name with .. at its beginning', [file('../victim/dotdot')]],
    ['an absolute name with ..', [file('/../victim/slash-dotdot')]],
    ['a name with .. in its middle', [directory('dir'), file('dir/../../victim/dotdot')]],
    ['a name that is ..', [directory('..', { mode: 0o777 })]],
    ['a hard link to a file outside', [link('dotdot', '../victim/hello')]],
    ['a hard link to a file outside by an absolute name', [link('slash-dotdot', '/../victim/hello')]],
    ['a hard link to a directory, and a file in it', [link('loophole', '../victim'), file('loophole/file')]],
    [
      'a hard link to a directory, and a symbolic link in it',
      [link('loophole', '../victim'), symlink('symlink', 'loophole/hello')],
    ],
    [
      'a hard link to a directory, and a hard link in it',
      [link('loophole', '../victim'), link('hardlink', 'loophole/hello')],
    ],
    ['a hard link to a directory, and a file in its place', [link('loophole', '../victim'), file('loophole')]],
    [
      'a file through a long way of links',
      [symlink('a', '.'), symlink('b', 'a/..'), symlink('c', 'b/victim'), file('c/../../x')],
    ],
  ])('by %s is refused', async (_, entries) => {
    expect(await expectNoBreakout(entries)).toMatch(/can't be unpacked: /);
    expect(existsSync(to)).toBe(false);
  });

  test.each<[string, Entry[]]>([
    [
      'a hard link to a symbolic link that comes before its target',
      [symlink('symlink1', 'regfile'), link('symlink2', 'symlink1'), file('regfile')],
    ],
    ['a symbolic link to a file', [symlink('dotdot', '../victim/hello')]],
    ['a symbolic link to a file, which is then written', [symlink('dotdot', '../victim/hello'), file('dotdot')]],
    ['a symbolic link by an absolute name', [symlink('slash-dotdot', '/../victim/hello')]],
    ['a symbolic link to a directory, and a file in it', [symlink('loophole', '../victim'), file('loophole/file')]],
    [
      'a symbolic link to a directory, and a symbolic link in it',
      [symlink('loophole', '../victim'), symlink('loophole/symlink', 'hello')],
    ],
    ['a symbolic link to a directory, and a file in its place', [symlink('loophole', '../victim'), file('loophole')]],
    [
      'a symbolic link to a directory, and a directory in its place',
      [symlink('loophole', '../victim'), directory('loophole'), file('loophole/file')],
    ],
    [
      'a symbolic link to a directory, whose mode then changes',
      [symlink('loophole', '../victim'), directory('loophole', { mode: 0o777 })],
    ],
    [
      'a symbolic link deep below, and a directory in it',
      [symlink('dir/loophole', '../../victim'), file('dir/loophole/newdir/newfile')],
    ],
    [
      'links that add up to one',
      [symlink('a', '.'), symlink('a/b', '..'), symlink('a/b/c', '../victim'), file('c/file')],
    ],
    [
      'a directory that becomes a link after a link in it was named',
      [directory('a'), symlink('a', '../victim'), symlink('a/x', 'hello')],
    ],
  ])('by %s stays inside', async (_, entries) => {
    expect(await expectNoBreakout(entries)).toBe('unpacked');
    expect(everything(to)).not.toContain('victim/hello');
  });

  test('by a link in the place of a directory in use is refused', async () => {
    const entries = [symlink('a/link', 'x'), symlink('a', '../victim')];
    expect(await expectNoBreakout(entries)).toContain(
      `SymbolicLink "a" to "../victim": a directory with entries can't become a symlink`,
    );
  });

  test('by the absolute name of a file outside writes it inside', async () => {
    expect(await expectNoBreakout([file(join(victim, 'hello'), 'mine')])).toBe('unpacked');
    expect(read(join(victim, 'hello'))).toBe('mine');
  });

  test('by an absolute symbolic link writes inside', async () => {
    expect(await expectNoBreakout([symlink('loophole', victim), file('loophole/hello', 'mine')])).toBe('unpacked');
    expect(read(join(victim, 'hello'))).toBe('mine');
    expect(readlinkSync(join(to, 'loophole'))).toBe(victim);
  });

  test('by a hard link through a symbolic link finds nothing there', async () => {
    expect(await expectNoBreakout([symlink('loophole', '../victim'), link('mine', 'loophole/hello')])).toContain(
      'Link "mine" to "loophole/hello": its target "victim/hello" is not in the archive before it',
    );
  });

  test('by an extended header is refused as without', async () => {
    expect(await expectNoBreakout([extended({ path: '../victim/pax' }, file('harmless'))])).toContain(
      'File "../victim/pax"',
    );
    expect(await expectNoBreakout([extended({ linkpath: '../victim/hello' }, link('harmless', 'x'))])).toContain(
      '".."',
    );
  });
});

describe('an archive is refused, and nothing is left behind, that', () => {
  const whole = tar(directory('etc'), file('etc/hostname', 'box\n'.repeat(1000)), file('last', 'x'.repeat(600)));

  test.each([
    ['is empty', Buffer.of(), /image\.tar can't be unpacked: it is not a tar archive/],
    [
      'is text',
      Buffer.from('Not found\n'.repeat(200)),
      /it is not a tar archive, nor one compressed with gzip or zstd/,
    ],
    ['is a short text', Buffer.from('Not found\n'), /it is not a tar archive/],
    ['holds zeros only', Buffer.alloc(10240), /it is not a tar archive, or it is empty/],
    ['is compressed text', gzipSync('Not found\n'.repeat(200)), /it is not a tar archive/],
    ['is cut short in a file', whole.subarray(0, 2000), /it's cut short: Truncated input/],
    ['is cut short in a header', whole.subarray(0, 700), /it's cut short: the zeros that end/],
    [
      'is cut short between two entries',
      whole.subarray(0, whole.length - 1024 - 1024 - 512),
      /it's cut short: the zeros that end/,
    ],
    [
      'is cut short in its compression by gzip',
      gzipSync(whole).subarray(0, -20),
      /its gzip compression is damaged or cut short: unexpected end of file/,
    ],
    [
      'lacks the checksum of gzip',
      gzipSync(whole).subarray(0, -4),
      /its gzip compression is damaged or cut short: unexpected end/,
    ],
    ['is cut short in its compression by zstd', zstdCompressSync(whole).subarray(0, -5), /cut short/],
    [
      'holds another header than its checksum says',
      Buffer.concat([whole.subarray(0, 600), Buffer.of(1), whole.subarray(601)]),
      /damaged after 1 entry, 0.0 MB: checksum failure/,
    ],
    ['says its root is a file', tar(file('.')), /the root must be a directory/],
    ['says its root is a link', tar(symlink('.', '/')), /SymbolicLink "" to "\/": the root must be a directory/],
    ['has a file in a file', tar(file('a'), file('a/b')), /File "a\/b": "a" is a file, so nothing can be in it/],
    [
      'has links that lead round in a circle',
      tar(symlink('a', 'b'), symlink('b', 'a'), file('a/c')),
      /File "a\/c": its path has too many symbolic links/,
    ],
    [
      'has a hard link to a directory',
      tar(directory('a'), link('b', 'a')),
      /Link "b" to "a": its target "a" is a directory/,
    ],
    [
      'has a NUL in a name',
      tar({ path: 'long', type: 'NextFileHasLongPath', body: 'a\0b\n\0c' }, file('x')),
      /no file name can contain a NUL/,
    ],
    ['has a name that no file system takes', tar(extended({ path: 'n'.repeat(300) }, file('x'))), /ENAMETOOLONG/],
    ['has a path that no file system takes', tar(extended({ path: 'n/'.repeat(4000) }, file('x'))), /ENAMETOOLONG/],
    [
      'has a link that no file system takes',
      tar(extended({ linkpath: 'n/'.repeat(4000) }, symlink('x', 'y'))),
      /the target of this link is too long/,
    ],
    [
      'has an extended header that is too long',
      tar(extended({ comment: 'n'.repeat(2_000_000) }, file('x'))),
      /1 MiB is the most/,
    ],
    [
      'has a newline in an extended header',
      tar(extended({ path: 'new\nline' }, file('x'))),
      /the name "17 path=new" contains a newline/,
    ],
  ])('%s', async (_, bytes, message) => {
    expect(await refusal(bytes)).toMatch(message);
  });

  test.each([
    ['bzip2', '425a68', 'bzip2 -dc'],
    ['xz', 'fd377a585a00', 'xz -dc'],
    ['lzma', '5d00008000', 'xz -dc'],
    ['lz4', '04224d18', 'lz4 -dc'],
    ['lz4', '02214c18', 'lz4 -dc'],
    ['lz4', '512a4d1804000000abcdefab04224d18', 'lz4 -dc'],
    ['compress', '1f9d90', 'gzip -dc'],
  ])('is compressed with %s, with the command that mends it', async (name, magic, command) => {
    archive = join(temporary, 'image.tar.foo');
    const message = await refusal(Buffer.from(magic.padEnd(64, '0'), 'hex'));
    expect(message).toContain(`it's compressed with ${name}`);
    expect(message).toContain(`Type: ${command} '${archive}' | gzip > '${join(temporary, 'image.tar.gz')}'`);
  });

  test.each([
    ['a name', () => tar(latin1(file('caf?')))],
    ['the name of a directory', () => tar(latin1(directory('caf?')))],
    ['what a symbolic link says', () => tar(latin1(symlink('x', 'caf?')))],
    ['what a hard link says', () => tar(file('x'), latin1(link('y', 'caf?')))],
    ['a long name', () => tar(latin1({ path: 'long', type: 'NextFileHasLongPath', body: 'caf?' }), file('x'))],
  ])('has bytes in %s that are no UTF-8, of which two would become one', async (_, bytes) => {
    expect(await refusal(bytes())).toMatch(/"x?y?(caf\ufffd)?".*: this name isn't UTF-8/);
  });

  test('has sparse files', async (context) => {
    needs('tar')(context);
    writeFileSync(join(temporary, 'sparse'), '');
    execFileSync('truncate', ['-s', '1M', join(temporary, 'sparse')]);
    for (const format of ['gnu', 'pax']) {
      execFileSync('tar', ['-C', temporary, '--sparse', `--format=${format}`, '-cf', archive, 'sparse']);
      expect(await refusal(readFileSync(archive))).toMatch(/sparse file.*make the archive without --sparse/);
    }
  });

  test('is gone, a directory, or not to be read', async () => {
    await expect(unpack(archive, to, () => {})).rejects.toThrow(`${archive} can't be unpacked: ENOENT`);
    await expect(unpack(temporary, to, () => {})).rejects.toThrow(`${temporary} can't be unpacked: EISDIR`);
    expect(readdirSync(dirname(to))).toEqual([]);
  });

  describe('finds no space', () => {
    beforeEach(needs('root'));

    test.each([
      ['for a file', 'size=1m', [file('big', 'x'.repeat(3_000_000))]],
      ['for the end of the last file', 'size=1m', [file('big', 'x'.repeat(1_100_000))]],
      ['for another file', 'nr_inodes=20', Array.from({ length: 50 }, (_, i) => file(`f${i}`, ''))],
      ['for another directory', 'nr_inodes=20', Array.from({ length: 50 }, (_, i) => directory(`d${i}`))],
      ['for another symbolic link', 'nr_inodes=20', Array.from({ length: 50 }, (_, i) => symlink(`s${i}`, 'x'))],
    ])('%s', (_, options, entries) => {
      writeFileSync(archive, tar(...entries));
      mkdirSync(dirname(to));
      const source = new URL('../src/archive/archive.ts', import.meta.url).href;
      const script = `import { unpack } from '${source}'; import { readdirSync } from 'node:fs';
        await unpack(process.argv[1], process.argv[2] + '/x', () => {}).catch(({ message }) => console.log(message));
        console.log(readdirSync(process.argv[2]));`;
      const command = 'mount -t tmpfs -o "$1" tmpfs "$2" && shift 2 && exec "$@"';
      const node = [process.execPath, '--input-type=module', '-e', script, archive, dirname(to)];
      const args = ['--mount', 'sh', '-c', command, 'sh', options, dirname(to), ...node];
      const output = execFileSync('unshare', args, { encoding: 'utf8' });
      expect(output).toContain(
        `${archive} can't be unpacked: there is no space left in ${dirname(to)}; nothing of it was kept`,
      );
      expect(output).toMatch(/\n\[\]\n$/);
    });
  });
});
