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
import { at, Inside, partsOf, pathOf } from './unpack/inside.ts';
import { attributeDirectory, make } from './unpack/make.ts';
import { remove } from './unpack/remove.ts';
import { empty, marker } from './whiteouts.ts';

const DOT = Buffer.from('.');

// #region a layer onto those below
/**
 * Unpacks a layer: onto an overlay of the layers below it, with the directory that is to hold it as the upper one. So a hard
 * link finds its target in any of them, and what is deleted or replaced the kernel marks by itself. The overlay is attached
 * nowhere; it goes with this process.
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
  readonly #times = new Map<string, { readonly parts: readonly Buffer[]; readonly time: number }>();
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

  async #one(entry: ReadEntry, parts: readonly Buffer[]): Promise<void> {
    const name = parts.at(-1);
    if (name === undefined) return this.#top(entry);
    this.#keepTimes(parts, entry.mtime);
    const says = marker(name);
    if (says?.kind === 'ignored') return;
    if (says?.kind === 'opaque') return this.#empty(parts.slice(0, -1));
    if (says?.kind === 'whiteout') return this.#delete([...parts.slice(0, -1), says.name]);
    await make(this.#inside, entry, parts);
    if (entry.type === 'directory') this.#times.set(pathOf(parts), { parts, time: entry.mtime });
    else {
      this.#bytes += entry.size;
      this.#times.delete(pathOf(parts));
    }
    for (let length = 1; length <= parts.length; length++) this.#own.add(pathOf(parts.slice(0, length)));
  }

  /** The layer's own root. */
  #top(entry: ReadEntry): void {
    if (entry.type !== 'directory') throw new Error('the root must be a directory');
    attributeDirectory(at(this.#root, DOT), entry);
    this.#times.set('', { parts: [], time: entry.mtime });
  }

  /** A directory that the layer doesn't list keeps its time, whatever comes and goes in it; one that it makes gets an entry's. */
  #keepTimes(parts: readonly Buffer[], made: number): void {
    for (let length = parts.length - 1; length >= 0; length--) {
      const above = parts.slice(0, length);
      if (this.#times.has(pathOf(above))) return;
      const there = this.#look(above);
      if (there === undefined || there.isDirectory())
        this.#times.set(pathOf(above), { parts: above, time: there === undefined ? made : there.mtimeMs / 1000 });
    }
  }

  #look(parts: readonly Buffer[]): Stats | undefined {
    return ifThere(() => lstatSync(at(this.#inside.directoryOf(parts, false), parts.at(-1) ?? DOT)));
  }

  #empty(parts: readonly Buffer[]): void {
    const directory = this.#inside.open(parts, true);
    try {
      empty(at(directory), parts.length === 0 ? '' : `${pathOf(parts)}/`, this.#own);
    } finally {
      closeSync(directory);
    }
    this.#inside.forget();
  }

  /** What isn't there needn't go, nor do the directories above it have to be made. */
  #delete(parts: readonly Buffer[]): void {
    ifThere(() => remove(at(this.#inside.directoryOf(parts, false), parts.at(-1))));
    this.#inside.forget();
  }

  /** One that has gone again, or became something else, has none. */
  #setTimes(): void {
    for (const { parts, time } of this.#times.values())
      ifThere(() => lutimesSync(at(this.#inside.directoryOf(parts, false), parts.at(-1) ?? DOT), time, time));
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
