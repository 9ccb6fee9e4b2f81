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
  symlinkSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { makedev, mknodat, O_CLOEXEC, O_NOFOLLOW, perform, S_IFBLK, S_IFCHR, S_IFIFO } from 'shared-native';
import { isUsers } from 'step-07';
import type { Entry, ReadEntry } from '../tar/entry.ts';
import { setAttributes } from './attributes.ts';
import { at, BYTES, type Inside, partsOf } from './inside.ts';
import { remove } from './remove.ts';

const NEW = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | O_NOFOLLOW | O_CLOEXEC;

/** Only root gives files to others. */
const IS_ROOT = process.geteuid?.() === 0;

const NODES: Readonly<Record<string, number>> = { character: S_IFCHR, block: S_IFBLK, fifo: S_IFIFO };

/**
 * Makes what an entry says, in place of what is there; a directory keeps what it holds.
 *
 * @param parts - its name, which isn't the root's
 * @throws {Error} for a link to what isn't there, and everything that the kernel refuses
 */
export async function make(inside: Inside, entry: ReadEntry, parts: readonly string[]): Promise<void> {
  if (entry.type === 'link') return link(inside, entry, parts);
  const directory = inside.directoryOf(parts, true);
  const name = parts.at(-1) as string;
  const path = at(directory, name);
  if (entry.type === 'file') return file(inside, path, entry);
  if (entry.type === 'directory') return makeDirectory(inside, path, entry);
  instead(inside, path, () => {
    if (entry.type === 'symlink') symlink(path, entry);
    else node(directory, name, entry);
  });
}

/** Makes what mustn't be there yet. Most isn't: so nobody looks before, and what is there is removed then. */
function instead<T>(inside: Inside, path: Buffer, making: () => T): T {
  try {
    return making();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const wasDirectory = lstatSync(path).isDirectory();
    remove(path);
    const made = making();
    if (wasDirectory) inside.forget(); // it may be one that was opened last that is gone
    return made;
  }
}

async function file(inside: Inside, path: Buffer, entry: ReadEntry): Promise<void> {
  const descriptor = instead(inside, path, () => openSync(path, NEW, 0o600));
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
  if (IS_ROOT) fchownSync(descriptor, entry.uid, entry.gid);
  fchmodSync(descriptor, entry.mode);
  setAttributes(descriptor, entry.xattrs);
}

function makeDirectory(inside: Inside, path: Buffer, entry: Entry): void {
  const isThere = lstatSync(path, { throwIfNoEntry: false })?.isDirectory();
  if (!isThere) instead(inside, path, () => mkdirSync(path));
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
  if (IS_ROOT) lchownSync(path, uid, gid);
  lutimesSync(path, mtime, mtime);
}

/** Its target may lie in a layer below: the kernel copies that up, and links the copy. */
function link(inside: Inside, { linkpath }: Entry, parts: readonly string[]): void {
  const target = partsOf(linkpath);
  const last = target.at(-1);
  if (last === undefined) throw new Error('its target is the root');
  if (target.join('/') === parts.join('/')) return;
  const directory = inside.open(target.slice(0, -1), false);
  try {
    const from = at(directory, last);
    if (lstatSync(from).isDirectory()) throw new Error('its target is a directory');
    const path = at(inside.directoryOf(parts, true), parts.at(-1));
    instead(inside, path, () => linkSync(from, path));
  } finally {
    closeSync(directory);
  }
}

/** Root in a user namespace can't make devices. They are left out, as by docker: a container gets its own anyway. */
function node(directory: number, name: string, entry: Entry): void {
  try {
    makeNode(directory, name, entry);
  } catch (error) {
    if (entry.type === 'fifo' || !isUsers() || (error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
  }
}

function makeNode(directory: number, name: string, { type, mode, uid, gid, mtime, major, minor }: Entry): void {
  if (type === 'character' && major === 0 && minor === 0)
    throw new Error('a character device 0:0 is how overlay marks a file as deleted, and no device');
  const made = (text: string) =>
    perform(mknodat(directory, text, (NODES[type] ?? 0) | 0o600, type === 'fifo' ? 0 : makedev(major, minor)));
  const path = at(directory, name);
  const text = Buffer.from(name, BYTES).toString();
  if (Buffer.from(text).equals(Buffer.from(name, BYTES))) made(text);
  else renamed(directory, path, made); // the call takes a name as text
  if (IS_ROOT) lchownSync(path, uid, gid);
  chmodSync(path, mode);
  lutimesSync(path, mtime, mtime);
}

/** By a link: it replaces nothing. */
function renamed(directory: number, path: Buffer, made: (text: string) => void): void {
  const other = '.boxstep-node';
  made(other);
  try {
    linkSync(at(directory, other), path);
  } finally {
    unlinkSync(at(directory, other));
  }
}
