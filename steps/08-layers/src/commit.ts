import { closeSync, constants, openSync, readlinkSync, readSync, type Stats } from 'node:fs';
import { major, minor, O_CLOEXEC, O_NOFOLLOW, O_PATH } from 'shared-native';
import { isPlace, lowerOf } from './diff.ts';
import type { EntryType } from './tar/entry.ts';
import { END, header, padding, type Written } from './tar/write.ts';
import { attributesOf } from './unpack/attributes.ts';
import { join, type Upper } from './upper.ts';

/** Bytes that are read of a file at a time. */
const CHUNK = 1 << 18;

// #region an upper directory as a layer
/**
 * Turns an upper directory into a layer: its files as they are, a deleted one as `.wh.NAME`, an opaque directory with
 * `.wh..wh..opq` in it. The same files always give the same bytes.
 *
 * @param top - the upper directory
 * @param lower - where everything below it can be seen
 */
export async function* layerOf(upper: Upper, top: string, lower: string): AsyncGenerator<Buffer> {
  const links = new Map<string, Buffer>();
  for (const file of inOrder(upper, lower)) {
    if (file.stat.isSocket()) continue; // nobody listens on it any more
    if (file.whiteout) yield header(marker(file.path, '.wh.'));
    else yield* entry(file, top, links);
    if (file.opaque) yield header(marker(join(file.path, Buffer.from('.wh..opq')), '.wh.'));
  }
  yield END;
}
// #endregion

/** Each directory before its contents. The root itself isn't one of a layer's files. */
function* inOrder({ children }: Upper, lower: string): Generator<Upper> {
  for (const child of children) {
    if (isPlace(child) && !lowerOf(lower, child.path)) continue;
    yield child;
    yield* inOrder(child, lower);
  }
}

/** An empty file whose name says something of another. */
function marker(path: Buffer, prefix: string): Written {
  const slash = path.lastIndexOf(0x2f) + 1;
  const name = Buffer.concat([path.subarray(0, slash), Buffer.from(prefix), path.subarray(slash)]);
  return { ...PLAIN, type: 'file', path: name, mode: 0o644 };
}

async function* entry({ path, stat }: Upper, top: string, links: Map<string, Buffer>): AsyncGenerator<Buffer> {
  const name = join(Buffer.from(top), path);
  const place = openSync(name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
  try {
    yield* entryOf({ place, name, path, stat }, links);
  } finally {
    closeSync(place);
  }
}

/** A file that is open as a place, by its name on the host; what it is called in the archive; and what it is like there. */
export interface Placed {
  readonly place: number;
  readonly name: Buffer;
  readonly path: Buffer;
  readonly stat: Stats;
}

/** The entry of a file. @param links - the paths of files so far, for those that have several names */
export async function* entryOf(
  { place, name, path, stat }: Placed,
  links: Map<string, Buffer>,
): AsyncGenerator<Buffer> {
  const id = `${stat.dev}:${stat.ino}`;
  const linkpath = stat.nlink > 1 && !stat.isDirectory() ? links.get(id) : undefined;
  if (linkpath) {
    yield header({ ...writtenOf(stat, path), type: 'link', linkpath });
    return;
  }
  links.set(id, path);
  const target = stat.isSymbolicLink() ? readlinkSync(name, { encoding: 'buffer' }) : Buffer.alloc(0);
  const size = stat.isFile() ? stat.size : 0;
  yield header({ ...writtenOf(stat, path), xattrs: attributesOf(place), linkpath: target, size });
  if (stat.isFile()) yield* contents(place, size, path);
}

/** As many bytes as its header says, whatever becomes of the file meanwhile. */
async function* contents(place: number, size: number, path: Buffer): AsyncGenerator<Buffer> {
  const descriptor = openSync(`/proc/self/fd/${place}`, constants.O_RDONLY);
  try {
    for (let at = 0; at < size; ) {
      const chunk = Buffer.alloc(Math.min(CHUNK, size - at));
      const length = readSync(descriptor, chunk, 0, chunk.length, at);
      if (length === 0)
        throw new Error(`/${path} became shorter while it was read: pause the container, or end it first`);
      yield chunk.subarray(0, length);
      at += length;
    }
  } finally {
    closeSync(descriptor);
  }
  yield padding(size);
}

const PLAIN = {
  ...{ linkpath: Buffer.alloc(0), uid: 0, gid: 0, mtime: 0, size: 0, major: 0, minor: 0 },
  xattrs: new Map<string, Buffer>(),
};

function writtenOf(stat: Stats, path: Buffer): Written {
  const type = typeOf(stat);
  const device = type === 'character' || type === 'block';
  return {
    ...PLAIN,
    ...{ type, mode: stat.mode & 0o7777, uid: stat.uid, gid: stat.gid, mtime: Math.floor(stat.mtimeMs / 1000) },
    path: stat.isDirectory() ? Buffer.concat([path, Buffer.from('/')]) : path,
    ...(device && { major: major(stat.rdev), minor: minor(stat.rdev) }),
  };
}

function typeOf(stat: Stats): EntryType {
  if (stat.isDirectory()) return 'directory';
  if (stat.isSymbolicLink()) return 'symlink';
  if (stat.isCharacterDevice()) return 'character';
  if (stat.isBlockDevice()) return 'block';
  return stat.isFIFO() ? 'fifo' : 'file';
}
