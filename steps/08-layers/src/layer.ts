import {
  chmodSync,
  chownSync,
  closeSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  openSync,
  type Stats,
  statSync,
} from 'node:fs';
import { O_CLOEXEC, O_DIRECTORY, O_PATH } from 'shared-native';
import type { ReadEntry } from './tar/entry.ts';
import { entries, quoted } from './tar/read.ts';
import { detached } from './unpack/here.ts';
import { at, BYTES, Inside, partsOf } from './unpack/inside.ts';
import { attributeDirectory, make } from './unpack/make.ts';
import { remove } from './unpack/remove.ts';
import { empty, marker } from './whiteouts.ts';

// #region a layer onto those below
/**
 * Unpacks a layer onto an overlay of the layers below it, with the layer's own directory as the upper one. So a hard link
 * finds its target in any layer, and the kernel itself marks what is deleted or replaced. The overlay is attached nowhere,
 * and goes away with this process.
 *
 * @param tar - its archive
 * @param lowers - where the layers below were unpacked, the topmost first
 * @param into - an empty directory, which will be the layer; beside it, `.work` is used and removed
 * @returns the sizes of its files, added up (bytes)
 * @throws {Error} that names the entry that can't be unpacked; the directory is then of no use
 */
export async function applyLayer(
  tar: AsyncIterable<Buffer>,
  lowers: readonly string[],
  into: string,
): Promise<{ bytes: number }> {
  const work = `${into}.work`;
  const root = lowers.length === 0 ? openRoot(into) : overlayOn(lowers, into, work);
  try {
    return await new Unpacking(root).all(tar);
  } finally {
    closeSync(root);
    remove(Buffer.from(work));
  }
}
// #endregion

/** Where the layer says nothing of its root, that is the same wherever and whenever it's unpacked. */
function openRoot(directory: string): number {
  chmodSync(directory, 0o755);
  lutimesSync(directory, 0, 0);
  return openSync(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

/** The upper directory's own attributes are the root's: those of the one below, unless the layer says otherwise. */
function overlayOn(lowers: readonly string[], upper: string, work: string): number {
  const { mode, uid, gid, mtimeMs } = statSync(lowers[0] as string);
  chownSync(upper, uid, gid);
  chmodSync(upper, mode & 0o7777);
  lutimesSync(upper, mtimeMs / 1000, mtimeMs / 1000);
  mkdirSync(work);
  return detached({ lowers, upper, work });
}

/** A layer on its way to the disk. */
class Unpacking {
  readonly #root: number;
  readonly #inside: Inside;
  /** The paths of its entries so far, a character for each byte. */
  readonly #own = new Set<string>();
  /** The times that directories get when nothing more comes to lie in them, by their paths. */
  readonly #times = new Map<string, number>();
  #bytes = 0;

  constructor(root: number) {
    this.#root = root;
    this.#inside = new Inside(root);
  }

  async all(tar: AsyncIterable<Buffer>): Promise<{ bytes: number }> {
    try {
      for await (const entry of entries(tar)) await this.#naming(entry);
      this.#setTimes();
    } finally {
      this.#inside.forget();
    }
    return { bytes: this.#bytes };
  }

  async #naming(entry: ReadEntry): Promise<void> {
    try {
      await this.#one(entry, partsOf(entry.path));
    } catch (error) {
      const link = entry.linkpath.length > 0 ? ` to ${quoted(entry.linkpath)}` : '';
      throw new Error(`${entry.type} ${quoted(entry.path)}${link}: ${(error as Error).message}`, { cause: error });
    }
  }

  async #one(entry: ReadEntry, parts: readonly string[]): Promise<void> {
    const name = parts.at(-1);
    if (name === undefined) return this.#top(entry);
    this.#keepTimes(parts, entry.mtime);
    const says = marker(Buffer.from(name, BYTES));
    if (says?.kind === 'ignored') return;
    if (says?.kind === 'opaque') return this.#empty(parts.slice(0, -1));
    if (says?.kind === 'whiteout') return this.#delete([...parts.slice(0, -1), says.name.toString(BYTES)]);
    await make(this.#inside, entry, parts);
    const path = parts.join('/');
    if (entry.type === 'directory') this.#times.set(path, entry.mtime);
    else {
      this.#bytes += entry.size;
      this.#times.delete(path);
    }
    for (let own = path; own !== '' && !this.#own.has(own); own = above(own)) this.#own.add(own);
  }

  /** The layer's own root. */
  #top(entry: ReadEntry): void {
    if (entry.type !== 'directory') throw new Error('the root must be a directory');
    attributeDirectory(at(this.#root, '.'), entry);
    this.#times.set('', entry.mtime);
  }

  /** A directory that the layer doesn't list keeps its time, whatever comes and goes in it; one that it makes gets an entry's. */
  #keepTimes(parts: readonly string[], made: number): void {
    for (let length = parts.length - 1; length >= 0; length--) {
      const above = parts.slice(0, length);
      const path = above.join('/');
      if (this.#times.has(path)) return;
      const there = this.#look(above);
      if (there === undefined || there.isDirectory())
        this.#times.set(path, there === undefined ? made : there.mtimeMs / 1000);
    }
  }

  #look(parts: readonly string[]): Stats | undefined {
    return ifThere(() => lstatSync(this.#at(parts)));
  }

  /** Where what a name means is, by the directory that holds it; the root itself if there's no name. */
  #at(parts: readonly string[]): Buffer {
    return at(this.#inside.directoryOf(parts, false), parts.at(-1) ?? '.');
  }

  #empty(parts: readonly string[]): void {
    const directory = this.#inside.open(parts, true);
    try {
      empty(at(directory), parts.map((part) => `${part}/`).join(''), this.#own);
    } finally {
      closeSync(directory);
    }
    this.#inside.forget();
  }

  /** What isn't there needn't go, nor do the directories above it have to be made. */
  #delete(parts: readonly string[]): void {
    ifThere(() => remove(this.#at(parts)));
    this.#inside.forget();
  }

  /** One that has gone again, or became something else, has none. */
  #setTimes(): void {
    for (const [path, time] of this.#times)
      ifThere(() => lutimesSync(this.#at(path === '' ? [] : path.split('/')), time, time));
  }
}

function ifThere<T>(doing: () => T): T | undefined {
  try {
    return doing();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

function above(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}
