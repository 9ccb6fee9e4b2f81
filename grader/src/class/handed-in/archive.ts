import { once } from 'node:events';
import { createReadStream, createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Parser, type ReadEntry } from 'tar';
import yauzl from 'yauzl';
import { sizeOf } from '../../submission/door.ts';

/** What of an archive is unpacked. */
export interface Unpacking {
  /** Is a file of this name wanted? The others are stepped over, whatever their size. */
  readonly wanted: (path: string) => boolean;
  /** The most bytes of one file, and of all that are wanted. */
  readonly largest: number;
  readonly most: number;
  /** The most entries, wanted or not. */
  readonly entries: number;
}

const MIB = 1024 ** 2;

/** A student's archive: what could be graded. */
export const OF_STUDENT: Unpacking = {
  wanted: (path) => /\.ts$|(^|\/)package\.json$/.test(path) && !/(^|\/)(node_modules|__MACOSX|\.[^/]*)\//.test(path),
  largest: MIB,
  most: 16 * MIB,
  entries: 50_000,
};

/** A class as one file: a platform's own download, in which students' archives lie. */
export const OF_CLASS: Unpacking = {
  wanted: (path) => !/(^|\/)(node_modules|__MACOSX)\//.test(path),
  largest: 64 * MIB,
  most: 8192 * MIB,
  entries: 1_000_000,
};

/** Is it an archive that can be read? Others are told of. */
export const READABLE = /\.(zip|tar|tar\.gz|tgz)$/i;

/**
 * Unpacks plain files and nothing else: no links, no devices, no modes, no owners.
 *
 * @throws {Error} if a name leads out of it, it is larger than it may be, or is damaged. What came before is there
 */
export async function unpack(archive: string, to: string, unpacking: Unpacking): Promise<void> {
  const rest = { files: unpacking.most, entries: unpacking.entries };
  const place = (name: string, size: number): string | undefined => {
    if (--rest.entries < 0) throw new Error(`contains more than ${unpacking.entries} files`);
    const path = inside(name);
    if (!unpacking.wanted(path)) return undefined;
    if (size > unpacking.largest)
      throw new Error(`contains ${path}, which is larger than ${sizeOf(unpacking.largest)}`);
    rest.files -= size;
    if (rest.files < 0) throw new Error(`contains more than ${sizeOf(unpacking.most)}`);
    mkdirSync(dirname(join(to, path)), { recursive: true });
    return join(to, path);
  };
  mkdirSync(to, { recursive: true });
  await (/\.zip$/i.test(archive) ? unzip(archive, place) : untar(archive, place, unpacking.most * 16));
}

type Place = (name: string, size: number) => string | undefined;

/** A name as a path below the folder. @throws {Error} if it isn't one */
function inside(name: string): string {
  const path = posix.normalize(name.replaceAll('\\', '/'));
  if (posix.isAbsolute(path) || /^\.\.(\/|$)|^[a-z]:|\0/i.test(path)) {
    throw new Error(`contains ${JSON.stringify(name.slice(0, 100))}, which leads out of it`);
  }
  return path;
}

/** The kind of a file, in the upper half of a zip entry's attributes where Unix made it. */
const [KIND, LINK] = [0o170000, 0o120000];

async function unzip(archive: string, place: Place): Promise<void> {
  const zip = await yauzl.openPromise(archive, { decodeStrings: true, validateEntrySizes: true });
  try {
    for await (const entry of zip.eachEntry()) {
      const { fileName, uncompressedSize, externalFileAttributes: attributes } = entry;
      if (fileName.endsWith('/') || ((attributes >>> 16) & KIND) === LINK) continue;
      const path = place(fileName, uncompressedSize);
      if (path === undefined) continue;
      // It stops at the size that the entry says.
      await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(path, { flags: 'wx' }));
    }
  } finally {
    zip.close();
  }
}

/** What tar calls an archive that is cut short or is none, and a header that is not what was written. */
const DAMAGED = new Set(['TAR_BAD_ARCHIVE', 'TAR_ENTRY_INVALID']);

/** @param most - bytes that may go by, wanted or not: a stream can't be stepped over without being unpacked */
async function untar(archive: string, place: Place, most: number): Promise<void> {
  let left = most;
  let refused: Error | undefined;
  const parser = new Parser({
    onReadEntry(entry: ReadEntry) {
      try {
        left -= entry.size;
        if (left < 0) throw new Error(`contains more than ${sizeOf(most)}`);
        const plain = entry.type === 'File' || entry.type === 'OldFile';
        const path = plain ? place(entry.path, entry.size) : undefined;
        if (path !== undefined) keep(entry, path);
      } catch (error) {
        refused ??= error as Error;
      }
      entry.resume();
    },
    // tar goes on behind what is damaged, and gives the part of a file that is there as if it were whole.
    onwarn(code, message) {
      if (DAMAGED.has(code)) refused ??= new Error(`is damaged: ${String(message)}`);
    },
  });
  const ended = once(parser, 'end');
  ended.catch(() => {}); // it may have failed before anybody waits for it
  for await (const chunk of createReadStream(archive)) {
    parser.write(chunk as Buffer);
    if (refused) throw refused;
  }
  parser.end();
  await ended;
  if (refused) throw refused;
}

/** Writes an entry once it is whole: it is no larger than it may be. */
function keep(entry: ReadEntry, path: string): void {
  const chunks: Buffer[] = [];
  entry.on('data', (chunk) => chunks.push(chunk as Buffer));
  entry.on('end', () => writeFileSync(path, Buffer.concat(chunks), { flag: 'wx' }));
}
