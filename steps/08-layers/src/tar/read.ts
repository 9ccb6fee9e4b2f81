import { BLOCK, type Extent, type ReadEntry, TYPES } from './entry.ts';
import { type Header, number, readHeader, sparseExtents } from './header.ts';
import { pairs, type Records, readRecords, sparseMap, xattrsIn } from './pax.ts';
import { Source } from './source.ts';

/** Most bytes of a pax header or a long name: they are kept in memory. */
const MOST_HEADER = 1 << 20;

/** Most parts of a sparse file. */
const MOST_EXTENTS = 1 << 16;

/** What headers before an entry's own say of it. */
interface Before {
  readonly path?: Buffer;
  readonly linkpath?: Buffer;
  readonly records: Records;
}

const NOTHING: Before = { records: new Map() };

/** A header, with what the headers before it say of its entry. */
interface Found {
  readonly block: Buffer;
  readonly header: Header;
  readonly records: Records;
}

/**
 * The entries of a tar archive, as they come: the ustar format with pax's and GNU's headers, sparse files of all kinds.
 * No library is used, because those that we know take names for text: a name that isn't UTF-8 would become another, and a
 * program's capabilities (an attribute of 20 bytes) would become garbage.
 *
 * @param chunks - each is read before the next is asked for
 * @throws {Error} that says after how many bytes the archive is damaged or cut short
 */
export async function* entries(chunks: AsyncIterable<Buffer>): AsyncGenerator<ReadEntry> {
  const source = new Source(chunks);
  try {
    for (let found = await next(source); found !== undefined; found = await next(source)) {
      const { entry, end } = await entryOf(source, found);
      yield entry;
      const left = source.pass(end - source.taken);
      if (left > 0 && !(await source.skip(left))) throw cutShort(entry.path);
    }
  } finally {
    await source.end();
  }
}

/** The next header that isn't one about another. */
async function next(source: Source): Promise<Found | undefined> {
  for (let before = NOTHING; ; ) {
    const at = source.taken;
    const block = source.ready(BLOCK) ?? (await source.take(BLOCK));
    if (block.length === 0) return undefined;
    if (block.length < BLOCK) throw new Error(`it's cut short after ${source.taken} bytes`);
    if (block.every((byte) => byte === 0)) return drain(source);
    const header = undamaged(at, () => readHeader(block));
    if (header.type === 'V')
      await source.skip(padded(header.size)); // the name of the volume
    else if ('xgLK'.includes(header.type)) {
      const content = await headerContent(source, header);
      before = undamaged(at, () => remembered(before, header.type, content));
    } else return { block, ...applied(header, before) };
  }
}

function undamaged<T>(at: number, reading: () => T): T {
  try {
    return reading();
  } catch (error) {
    throw new Error(`it's damaged at byte ${at}: ${(error as Error).message}`, { cause: error });
  }
}

/** What comes after the end mark counts for nothing, but is part of the archive's digest: so it's read as well. */
async function drain(source: Source): Promise<undefined> {
  while ((await source.some(1 << 20)).length > 0);
}

/** @returns the entry, and after how many bytes of the archive the next one begins */
async function entryOf(source: Source, { block, header, records }: Found): Promise<{ entry: ReadEntry; end: number }> {
  const type = TYPES[header.type];
  if (type === undefined)
    throw new Error(`${quoted(header.path)} is of a type that can't be unpacked: ${JSON.stringify(header.type)}`);
  assertSize(header.size, header.path);
  const start = source.taken;
  const stored = ['file', 'directory'].includes(type) ? header.size : 0;
  const isPlain = header.type !== 'S' && records.size === 0;
  const { extents, size } = isPlain ? inOnePiece(header.size) : await layoutOf(source, block, header, records);
  const map = header.type === 'S' ? source.taken - start : 0; // blocks that continue a GNU header aren't counted in its size
  const length = extents.reduce((sum, extent) => sum + extent.length, 0);
  const isFile = type === 'file' && !(header.path.at(-1) === 0x2f && header.type !== '7'); // as before POSIX
  const entry: ReadEntry = {
    ...header,
    type: isFile || type !== 'file' ? type : 'directory',
    mode: header.mode & 0o7777,
    size: isFile ? size : 0,
    extents: isFile ? extents : [],
    xattrs: xattrsIn(records),
    body: isFile ? body(source, length, header.path) : nothing(),
  };
  return { entry, end: start + map + padded(stored) };
}

async function* body(source: Source, length: number, path: Buffer): AsyncGenerator<Buffer> {
  for (let left = length; left > 0; ) {
    const chunk = await source.some(left);
    if (chunk.length === 0) throw cutShort(path);
    left -= chunk.length;
    yield chunk;
  }
}

async function* nothing(): AsyncGenerator<Buffer> {}

/** Where the bytes go that follow, and how long the file is. */
async function layoutOf(
  source: Source,
  block: Buffer,
  header: Header,
  records: Records,
): Promise<{ extents: readonly Extent[]; size: number }> {
  if (header.type === 'S') {
    const size = number(block, 483, 12); // before more is read, and the block's memory with it
    return { extents: await oldSparse(source, block), size };
  }
  const size = Number(records.get('GNU.sparse.realsize') ?? records.get('GNU.sparse.size') ?? header.size);
  assertSize(size, header.path);
  const map = records.has('GNU.sparse.major') ? await mapBefore(source) : sparseMap(records);
  return map ? { extents: map, size } : inOnePiece(size);
}

function inOnePiece(size: number): { extents: readonly Extent[]; size: number } {
  return { extents: size > 0 ? [{ at: 0, length: size }] : [], size };
}

/** GNU's sparse files as they were before pax: four parts in the header, 21 in each block that follows. */
async function oldSparse(source: Source, block: Buffer): Promise<Extent[]> {
  const extents = sparseExtents(block, 386, 4);
  for (let more = block[482]; more; ) {
    const next = await source.take(BLOCK);
    if (next.length < BLOCK || extents.length > MOST_EXTENTS) throw new Error('the map of a sparse file is damaged');
    extents.push(...sparseExtents(next, 0, 21));
    more = next[504];
  }
  return extents;
}

/** GNU's format 1.0: the map stands before the file's bytes, one number a line, in whole blocks. */
async function mapBefore(source: Source): Promise<Extent[]> {
  let text = '';
  const numbers = () => text.split('\n').slice(0, -1).map(Number);
  for (let wanted = 1; numbers().length < wanted; ) {
    const block = await source.take(BLOCK);
    text += block.toString('latin1').replace(/\0+$/, '');
    if (block.length < BLOCK || text.length > MOST_HEADER) throw new Error('the map of a sparse file is damaged');
    wanted = 1 + 2 * (numbers()[0] ?? 0);
    if (wanted > 2 * MOST_EXTENTS) throw new Error('the map of a sparse file is too long');
  }
  const [count = 0, ...rest] = numbers();
  return pairs(rest.slice(0, 2 * count));
}

async function headerContent(source: Source, { size, path }: Header): Promise<Buffer> {
  if (size > MOST_HEADER)
    throw new Error(`${quoted(path)} has a header of ${size} bytes, and 1 MiB is the most that is read`);
  const content = await source.take(padded(size));
  if (content.length < size) throw cutShort(path);
  return Buffer.from(content.subarray(0, size));
}

/** A global header (`g`) speaks of the archive, and of no file that anybody unpacks. */
function remembered(before: Before, type: string, content: Buffer): Before {
  const end = content.indexOf(0);
  const name = end === -1 ? content : content.subarray(0, end);
  if (type === 'L') return { ...before, path: name };
  if (type === 'K') return { ...before, linkpath: name };
  return type === 'g' ? before : { ...before, records: readRecords(content) };
}

/** A header with what those before it say instead. */
function applied(header: Header, before: Before): { header: Header; records: Records } {
  if (before === NOTHING) return { header, records: NOTHING.records };
  const { path, linkpath, records } = before;
  const from = (key: string, otherwise: number) => {
    const text = records.get(key)?.toString('latin1');
    if (text === undefined || text === '') return otherwise;
    if (!/^-?\d+(\.\d*)?$/.test(text))
      throw new Error(`${quoted(header.path)} has a ${key} that is not a number: ${text}`);
    return Number(text);
  };
  return {
    records,
    header: {
      ...header,
      path: records.get('GNU.sparse.name') ?? records.get('path') ?? path ?? header.path,
      linkpath: records.get('linkpath') ?? linkpath ?? header.linkpath,
      uid: from('uid', header.uid),
      gid: from('gid', header.gid),
      mtime: from('mtime', header.mtime),
      size: from('size', header.size),
    },
  };
}

function assertSize(size: number, path: Buffer): void {
  if (!Number.isSafeInteger(size) || size < 0) throw new Error(`the size of ${quoted(path)} is impossible: ${size}`);
}

function padded(size: number): number {
  return Math.ceil(size / BLOCK) * BLOCK;
}

function cutShort(path: Buffer): Error {
  return new Error(`it's cut short within ${quoted(path)}`);
}

/** A name for people; what isn't UTF-8 is shown as the bytes that it is. */
export function quoted(name: Buffer): string {
  const text = name.length > 200 ? `${name.toString('utf8', 0, 200)}…` : name.toString('utf8');
  return JSON.stringify(text.includes('\ufffd') ? name.toString('latin1', 0, 200) : text);
}
