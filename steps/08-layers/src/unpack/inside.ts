import { chmodSync, closeSync, lstatSync, mkdirSync, openSync, readlinkSync } from 'node:fs';
import { O_CLOEXEC, O_DIRECTORY, O_NOFOLLOW, O_PATH } from 'shared-native';

/** As many links as the kernel follows on one way: path_resolution(7). */
const MOST_LINKS = 40;

const DOT_DOT = Buffer.from('..');

const DIRECTORY = O_PATH | O_DIRECTORY | O_CLOEXEC;

/**
 * The parts of a name in a layer, without `.` and empty ones. `..` takes the part before it away.
 *
 * @throws {Error} if it leads out
 */
export function partsOf(name: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  for (const part of split(name)) {
    if (!part.equals(DOT_DOT)) parts.push(part);
    else if (parts.pop() === undefined) throw new Error('".." leads out of the layer');
  }
  return parts;
}

/** The parts as one text, a character for each byte. */
export function pathOf(parts: readonly Buffer[]): string {
  return parts.map((part) => part.toString('latin1')).join('/');
}

/** The path of a file that is reached by the descriptor of its directory: no link above it can be changed for another. */
export function at(directory: number, name?: Buffer): Buffer {
  const path = Buffer.from(`/proc/self/fd/${directory}`);
  return name === undefined ? path : Buffer.concat([path, Buffer.from('/'), name]);
}

/**
 * Directories below a root, opened one part after another, each by the descriptor of the one before. A symbolic link on the
 * way leads where it leads inside the container: no path, and no link, comes out above the root.
 */
export class Inside {
  readonly #root: number;
  /** The one that was opened last: mostly the next entry lies there, too. */
  #last: { readonly key: string; readonly directory: number } | undefined;

  constructor(root: number) {
    this.#root = root;
  }

  /**
   * Opens the directory that holds what a name means. It stays open until the next one is asked for.
   *
   * @param makes - are directories made that are missing?
   * @throws {Error} ENOENT, ENOTDIR, ELOOP
   */
  directoryOf(parts: readonly Buffer[], makes: boolean): number {
    if (parts.length <= 1) return this.#root;
    const above = parts.slice(0, -1);
    const key = pathOf(above);
    if (this.#last?.key === key) return this.#last.directory;
    this.forget();
    const directory = this.open(above, makes);
    this.#last = { key, directory };
    return directory;
  }

  /** A directory may have gone, or become another one: look anew. */
  forget(): void {
    if (this.#last) closeSync(this.#last.directory);
    this.#last = undefined;
  }

  /** Opens a directory: the caller closes it. */
  open(parts: readonly Buffer[], makes: boolean): number {
    const way = [openSync(at(this.#root), DIRECTORY)];
    const rest = [...parts];
    let links = 0;
    try {
      for (let part = rest.shift(); part !== undefined; part = rest.shift()) {
        const here = way.at(-1) as number;
        if (part.equals(DOT_DOT)) {
          if (way.length > 1) closeSync(way.pop() as number);
          continue;
        }
        const target = this.#enter(way, here, part, makes);
        if (target === undefined) continue;
        if (++links > MOST_LINKS)
          throw new Error('ELOOP: its path has too many symbolic links, or they lead round in a circle');
        if (target[0] === 0x2f) this.#leave(way, 1);
        rest.unshift(...split(target));
      }
      return way.pop() as number;
    } finally {
      this.#leave(way, 0);
    }
  }

  /** Goes into a directory, or says where a symbolic link leads. */
  #enter(way: number[], here: number, part: Buffer, makes: boolean): Buffer | undefined {
    const path = at(here, part);
    const there = lstatSync(path, { throwIfNoEntry: false });
    if (there?.isSymbolicLink()) return readlinkSync(path, { encoding: 'buffer' });
    if (!there && makes) makeDirectory(path);
    way.push(openSync(path, DIRECTORY | O_NOFOLLOW));
    return undefined;
  }

  #leave(way: number[], keep: number): void {
    for (const descriptor of way.splice(keep)) closeSync(descriptor);
  }
}

/** A directory that no entry names, but an entry's path does. */
function makeDirectory(path: Buffer): void {
  mkdirSync(path);
  chmodSync(path, 0o755); // whatever the umask
}

function split(path: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  for (let from = 0; from <= path.length; ) {
    const slash = path.indexOf(0x2f, from);
    const to = slash === -1 ? path.length : slash;
    const part = path.subarray(from, to);
    if (part.length > 0 && !(part.length === 1 && part[0] === 0x2e)) parts.push(part);
    from = to + 1;
  }
  return parts;
}
