import { isUtf8 } from 'node:buffer';
import {
  type BigIntStats,
  closeSync,
  constants,
  copyFileSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  ftruncateSync,
  futimesSync,
  lchownSync,
  linkSync,
  lutimesSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  symlinkSync,
  writeSync,
} from 'node:fs';
import { mknod, O_PATH, perform } from 'shared-native';
import { copyAttributes } from './attributes.ts';

// A container may change the directory while it is copied, and put a link to the host's files in the place of a directory.
// So every file is opened by its name in a directory that is open (/proc/self/fd/7/name), never following a link, and what
// is done with it is done by that descriptor. Names are bytes: not all of them are UTF-8.

/** What is known of a copy while it is made. */
interface Copies {
  /** The files that are there, by those that they are of: for those that have several names. */
  readonly there: Map<string, Buffer>;
  readonly owners: Owners;
}

/** Whose the copy of a file is, by whose the file is. */
export type Owners = (of: Pick<BigIntStats, 'uid' | 'gid'>) => Pick<BigIntStats, 'uid' | 'gid'>;

/**
 * Copies what is in a directory: owners, modes, times, symbolic and hard links, devices, extended attributes, and holes.
 * Then the directory's own owner, mode, times and attributes. Sockets are left out: nobody listens to a copy of one.
 *
 * @param source - the directory, open for reading
 * @param to - an empty directory that nobody else knows
 * @param owners - the same unless given
 */
export function copyDirectory(source: number, to: string, owners: Owners = (same) => same): void {
  contents(source, Buffer.from(to), { there: new Map(), owners });
}

function contents(source: number, to: Buffer, copies: Copies): void {
  const open = `/proc/self/fd/${source}`;
  for (const name of readdirSync(open, { encoding: 'buffer' })) {
    const place = openSync(below(open, name), O_PATH | constants.O_NOFOLLOW);
    try {
      entry({ place, path: below(open, name), stats: statsFor(place, copies) }, below(to, name), copies);
    } finally {
      closeSync(place);
    }
  }
  like(source, statsFor(source, copies), to);
}

/** What a file is like, and whose its copy is. */
function statsFor(file: number, { owners }: Copies): BigIntStats {
  const stats = fstatSync(file, { bigint: true });
  return Object.assign(stats, owners(stats));
}

/** A file as it was opened; its path only serves to read where a link leads. */
interface Entry {
  readonly place: number;
  readonly path: Buffer;
  readonly stats: BigIntStats;
}

function entry(one: Entry, to: Buffer, copies: Copies): void {
  const { place, stats } = one;
  const id = `${stats.dev}:${stats.ino}`;
  const there = copies.there.get(id);
  if (there) linkSync(there, to);
  else if (stats.isDirectory()) directory(place, to, copies);
  else if (stats.isFile()) file(place, stats, to);
  else if (!stats.isSocket()) other(one, to);
  if (stats.nlink > 1n && !stats.isDirectory() && !stats.isSocket()) copies.there.set(id, to);
}

function directory(place: number, to: Buffer, copies: Copies): void {
  mkdirSync(to, 0o700);
  const source = openSync(`/proc/self/fd/${place}`, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    contents(source, to, copies);
  } finally {
    closeSync(source);
  }
}

function file(place: number, stats: BigIntStats, to: Buffer): void {
  const isSparse = stats.blocks * 512n < stats.size;
  if (isSparse) copyWithHoles(place, Number(stats.size), to);
  else copyFileSync(`/proc/self/fd/${place}`, to, constants.COPYFILE_FICLONE);
  like(place, stats, to);
}

/** What is nothing but zeros is left out: it takes no room then. */
function copyWithHoles(place: number, size: number, to: Buffer): void {
  const source = openSync(`/proc/self/fd/${place}`, constants.O_RDONLY);
  const copy = openSync(to, 'wx', 0o600);
  const piece = Buffer.alloc(64 * 1024);
  try {
    for (let at = 0; at < size; ) {
      const read = readSync(source, piece, 0, piece.length, at);
      if (read === 0) break;
      const bytes = piece.subarray(0, read);
      if (bytes.some((byte) => byte !== 0)) writeSync(copy, bytes, 0, read, at);
      at += read;
    }
    ftruncateSync(copy, size);
  } finally {
    closeSync(source);
    closeSync(copy);
  }
}

/** A symbolic link, or a device, which only have an owner and times besides. */
function other({ path, stats }: Entry, to: Buffer): void {
  if (stats.isSymbolicLink()) symlinkSync(readlinkSync(path, 'buffer'), to);
  else if (isUtf8(to)) perform(mknod(String(to), Number(stats.mode), Number(stats.rdev)));
  else throw new Error(`the device ${to} can't be copied: its name isn't UTF-8`);
  lchownSync(to, Number(stats.uid), Number(stats.gid));
  lutimesSync(to, ...times(stats));
}

/** Gives a file or directory what belongs to another. A new owner takes capabilities away, so it comes first. */
function like(place: number, stats: BigIntStats, to: Buffer): void {
  const copy = openSync(to, constants.O_RDONLY);
  try {
    fchownSync(copy, Number(stats.uid), Number(stats.gid));
    fchmodSync(copy, Number(stats.mode & 0o7777n));
    copyAttributes(`/proc/self/fd/${place}`, `/proc/self/fd/${copy}`);
    futimesSync(copy, ...times(stats));
  } finally {
    closeSync(copy);
  }
}

function times({ atimeNs, mtimeNs }: BigIntStats): [number, number] {
  return [Number(atimeNs) / 1e9, Number(mtimeNs) / 1e9];
}

function below(directory: string | Buffer, name: Buffer): Buffer {
  return Buffer.concat([Buffer.from(directory), Buffer.from('/'), name]);
}
