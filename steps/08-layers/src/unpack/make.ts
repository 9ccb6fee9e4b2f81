import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  ftruncateSync,
  futimesSync,
  lchownSync,
  linkSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  openSync,
  renameSync,
  symlinkSync,
  writeSync,
} from 'node:fs';
import { makedev, mknodat, O_CLOEXEC, O_NOFOLLOW, perform, S_IFBLK, S_IFCHR, S_IFIFO } from 'shared-native';
import type { Entry, ReadEntry } from '../tar/entry.ts';
import { setAttributes } from './attributes.ts';
import { at, type Inside, partsOf } from './inside.ts';
import { remove } from './remove.ts';

const NEW = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | O_NOFOLLOW | O_CLOEXEC;

const NODES: Readonly<Record<string, number>> = { character: S_IFCHR, block: S_IFBLK, fifo: S_IFIFO };

/**
 * Makes what an entry says, in place of what is there; a directory keeps what it holds.
 *
 * @param parts - its name, which isn't the root's
 * @throws {Error} for a link to what isn't there, and everything that the kernel refuses
 */
export async function make(inside: Inside, entry: ReadEntry, parts: readonly Buffer[]): Promise<void> {
  if (entry.type === 'link') return link(inside, entry, parts);
  const directory = inside.directoryOf(parts, true);
  const name = parts.at(-1) as Buffer;
  const path = at(directory, name);
  const there = lstatSync(path, { throwIfNoEntry: false });
  const stays = there?.isDirectory() === true && entry.type === 'directory';
  if (there && !stays) remove(path);
  if (entry.type === 'file') await file(path, entry);
  else if (entry.type === 'directory') makeDirectory(path, entry, stays);
  else if (entry.type === 'symlink') symlink(path, entry);
  else node(directory, name, entry);
  if (there && !stays) inside.forget(); // it may be what was opened last that is gone
}

async function file(path: Buffer, entry: ReadEntry): Promise<void> {
  const descriptor = openSync(path, NEW, 0o600);
  try {
    await write(descriptor, entry);
    attribute(descriptor, entry);
    futimesSync(descriptor, entry.mtime, entry.mtime);
  } finally {
    closeSync(descriptor);
  }
}

/** Writes the parts of a file to where they belong; between them are its holes. */
async function write(descriptor: number, { body, extents, size }: ReadEntry): Promise<void> {
  let nth = 0;
  let done = 0; // of this part
  for await (const chunk of body) {
    for (let from = 0; from < chunk.length; ) {
      const extent = extents[nth];
      if (!extent) throw new Error('it has more bytes than it says');
      const length = Math.min(chunk.length - from, extent.length - done);
      writeAll(descriptor, chunk.subarray(from, from + length), extent.at + done);
      from += length;
      done = done + length === extent.length ? 0 : done + length;
      if (done === 0) nth += 1;
    }
  }
  const last = extents.at(-1);
  if ((last ? last.at + last.length : 0) < size) ftruncateSync(descriptor, size);
}

function writeAll(descriptor: number, bytes: Buffer, position: number): void {
  for (let written = 0; written < bytes.length; )
    written += writeSync(descriptor, bytes, written, bytes.length - written, position + written);
}

/** Owner first: chown takes setuid and capabilities away. */
function attribute(descriptor: number, entry: Entry): void {
  if (isRoot()) fchownSync(descriptor, entry.uid, entry.gid);
  fchmodSync(descriptor, entry.mode);
  setAttributes(descriptor, entry.xattrs);
}

function makeDirectory(path: Buffer, entry: Entry, isThere: boolean): void {
  if (!isThere) mkdirSync(path);
  attributeDirectory(path, entry);
}

/** Gives a directory what its entry says, but for the time: what comes to lie in it would change that. */
export function attributeDirectory(path: Buffer, entry: Entry): void {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  try {
    attribute(descriptor, entry);
  } finally {
    closeSync(descriptor);
  }
}

function symlink(path: Buffer, { linkpath, uid, gid, mtime }: Entry): void {
  symlinkSync(linkpath, path);
  if (isRoot()) lchownSync(path, uid, gid);
  lutimesSync(path, mtime, mtime);
}

/** Its target may lie in a layer below: the kernel copies that up, and links the copy. */
function link(inside: Inside, { linkpath }: Entry, parts: readonly Buffer[]): void {
  const target = partsOf(linkpath);
  const last = target.at(-1);
  if (last === undefined) throw new Error('its target is the root');
  if (target.length === parts.length && target.every((part, nth) => part.equals(parts[nth] as Buffer))) return;
  const directory = inside.open(target.slice(0, -1), false);
  try {
    const from = at(directory, last);
    if (lstatSync(from).isDirectory()) throw new Error('its target is a directory');
    const path = at(inside.directoryOf(parts, true), parts.at(-1) as Buffer);
    if (lstatSync(path, { throwIfNoEntry: false })) remove(path);
    linkSync(from, path);
  } finally {
    closeSync(directory);
  }
  inside.forget();
}

function node(directory: number, name: Buffer, { type, mode, uid, gid, mtime, major, minor }: Entry): void {
  if (type === 'character' && major === 0 && minor === 0)
    throw new Error('a character device 0:0 is how overlay marks a file as deleted, and no device');
  // The call takes a name as text: a name that is none comes afterwards.
  const isText = Buffer.from(name.toString()).equals(name);
  const first = isText ? name.toString() : '.boxstep-node';
  perform(mknodat(directory, first, (NODES[type] ?? 0) | 0o600, type === 'fifo' ? 0 : makedev(major, minor)));
  if (!isText) renameSync(at(directory, Buffer.from(first)), at(directory, name));
  const path = at(directory, name);
  if (isRoot()) lchownSync(path, uid, gid);
  chmodSync(path, mode);
  lutimesSync(path, mtime, mtime);
}

export function isRoot(): boolean {
  return process.geteuid?.() === 0;
}
