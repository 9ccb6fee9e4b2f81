import { closeSync, constants, fstatSync, lstatSync, opendirSync, openSync, readSync, type Stats } from 'node:fs';
import { type Bytes, raw, within } from './names.ts';

/**
 * The one door by which a submission comes in. Who made it may have put anything there: so no link is followed, also on
 * the way to a file; a pipe or a device is never opened; and no more is read than somebody has asked for.
 */

const { O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;

/** The most bytes of one file, unless it is said otherwise. */
export const LARGEST = 1024 ** 2;

/** What isn't there, or isn't to be read: why, as the end of a sentence that begins with its name. */
export class NotRead extends Error {
  override readonly name = 'NotRead';
}

/**
 * Reads a file of a folder.
 *
 * @param file - such as `src/sizes.ts`
 * @returns its bytes; undefined if there is none
 * @throws {NotRead} if it is too large, or no plain file that lies in this folder
 * @throws {Error} as open(2) and read(2) do
 */
export function readFile(directory: Bytes, file: string, largest = LARGEST): Buffer | undefined {
  return opened(directory, file, (descriptor) => {
    const { size } = fstatSync(descriptor);
    if (size > largest) throw new NotRead(`is larger than ${sizeOf(largest)}`);
    const buffer = Buffer.alloc(size); // what is added meanwhile isn't read
    let length = 0;
    for (let read = -1; read !== 0 && length < size; length += read)
      read = readSync(descriptor, buffer, length, size - length, null);
    return buffer.subarray(0, length);
  });
}

export function sizeOf(bytes: number): string {
  return bytes < 1024 ** 2 ? `${bytes / 1024} KiB` : `${bytes / 1024 ** 2} MiB`;
}

/** Is it a plain file that lies in this folder? */
export function isFile(directory: Bytes, file: string): boolean {
  try {
    return opened(directory, file, () => true) ?? false;
  } catch {
    return false;
  }
}

export interface Entry {
  readonly name: Bytes;
  readonly kind: 'file' | 'folder' | 'link' | 'other';
}

/**
 * What is in a folder, by name.
 *
 * @param most - how many there may be
 * @throws {NotRead} if there are more
 * @throws {Error} as opendir(3) does
 */
export function entries(directory: Bytes, most: number): Entry[] {
  const found: Entry[] = [];
  const list = opendirSync(raw(directory) as unknown as string, { encoding: 'latin1' });
  try {
    for (let one = list.readSync(); one !== null; one = list.readSync()) {
      if (found.length === most) throw new NotRead('holds too many files and folders');
      const name = one.name as Bytes;
      found.push({ name, kind: kindOf(lstatSync(raw(within(directory, name)))) });
    }
  } finally {
    list.closeSync();
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function kindOf(found: Stats): Entry['kind'] {
  return found.isDirectory() ? 'folder' : found.isSymbolicLink() ? 'link' : found.isFile() ? 'file' : 'other';
}

/** Opens a file folder by folder, each within the last as the system has it: names can't change what they lead to meanwhile. */
function opened<T>(directory: Bytes, file: string, use: (descriptor: number) => T): T | undefined {
  const names = file.split('/');
  const last = names.pop() ?? '';
  const folders = [openSync(raw(directory), O_RDONLY | O_DIRECTORY)];
  try {
    for (const name of names) {
      const path = below(folders.at(-1), name);
      const found = lstatSync(path, { throwIfNoEntry: false });
      if (!found) return undefined;
      folders.push(open(path, found, found.isDirectory(), O_DIRECTORY));
    }
    const path = below(folders.at(-1), last);
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (!found) return undefined;
    folders.push(open(path, found, found.isFile(), O_NONBLOCK));
    return use(folders.at(-1) as number);
  } finally {
    for (const descriptor of folders) closeSync(descriptor);
  }
}

function below(folder: number | undefined, name: string): string {
  return `/proc/self/fd/${folder}/${name}`;
}

function open(path: string, found: Stats, right: boolean, flags: number): number {
  if (!right) throw new NotRead('is no file of this folder');
  const descriptor = openSync(path, O_RDONLY | O_NOFOLLOW | flags);
  const { dev, ino } = fstatSync(descriptor);
  if (dev === found.dev && ino === found.ino) return descriptor;
  closeSync(descriptor);
  throw new NotRead('has changed just now');
}
