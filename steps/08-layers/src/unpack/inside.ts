import { chmodSync, closeSync, lstatSync, mkdirSync, openSync, readlinkSync } from 'node:fs';
import { O_CLOEXEC, O_DIRECTORY, O_NOFOLLOW, O_PATH } from 'shared-native';

/** As many links as the kernel follows on one way: path_resolution(7). */
const MOST_LINKS = 40;

const DIRECTORY = O_PATH | O_DIRECTORY | O_CLOEXEC;

/** Names are bytes, and nothing says that they are UTF-8. In a string, each character stands for one. */
export const BYTES = 'latin1';

/**
 * The parts of a name in a layer, without `.` and empty ones. `..` takes the part before it away.
 *
 * @throws {Error} if it leads out
 */
export function partsOf(name: Buffer): string[] {
  const parts: string[] = [];
  for (const part of split(name.toString(BYTES))) {
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) throw new Error('".." leads out of the layer');
  }
  return parts;
}

/** The path of a file that is reached by the descriptor of its directory: no link above it can be changed for another. */
export function at(directory: number, name?: string): Buffer {
  const path = `/proc/self/fd/${directory}`;
  return Buffer.from(name === undefined ? path : `${path}/${name}`, BYTES);
}

/**
 * Directories below a root, opened one part after another, each by the descriptor of the one before. A symbolic link on the
 * way leads where it leads inside the container: no path, and no link, comes out above the root.
 */
export class Inside {
  readonly #root: number;
  /** The directories on the way to the one that was opened last: mostly the next entry lies in one of them. */
  readonly #last: { readonly part: string; readonly directory: number }[] = [];

  constructor(root: number) {
    this.#root = root;
  }

  /**
   * Opens the directory that holds what a name means. It stays open until the next one is asked for.
   *
   * @param makes - are directories made that are missing?
   * @throws {Error} ENOENT, ENOTDIR, ELOOP
   */
  directoryOf(parts: readonly string[], makes: boolean): number {
    let same = 0;
    while (same < parts.length - 1 && this.#last[same]?.part === parts[same]) same += 1;
    this.#keep(same);
    for (let length = same + 1; length < parts.length; length++) {
      const part = parts[length - 1] as string;
      const directory = this.#enter(this.#here(), part, makes) ?? this.open(parts.slice(0, length), makes);
      this.#last.push({ part, directory });
    }
    return this.#here();
  }

  /** A directory may have gone, or become another one: look anew. */
  forget(): void {
    this.#keep(0);
  }

  /** Opens a directory: the caller closes it. */
  open(parts: readonly string[], makes: boolean): number {
    const way = [openSync(at(this.#root), DIRECTORY)];
    const rest = [...parts];
    let links = 0;
    try {
      for (let part = rest.shift(); part !== undefined; part = rest.shift()) {
        const here = way.at(-1) as number;
        if (part === '..') {
          if (way.length > 1) closeSync(way.pop() as number);
          continue;
        }
        const directory = this.#enter(here, part, makes);
        if (directory !== undefined) {
          way.push(directory);
          continue;
        }
        if (++links > MOST_LINKS)
          throw new Error('ELOOP: its path has too many symbolic links, or they lead round in a circle');
        const target = readlinkSync(at(here, part), BYTES);
        if (target.startsWith('/')) way.splice(1).forEach(closeSync);
        rest.unshift(...split(target));
      }
      return way.pop() as number;
    } finally {
      way.forEach(closeSync);
    }
  }

  /** Opens a directory, unless a symbolic link is in its place. */
  #enter(here: number, part: string, makes: boolean): number | undefined {
    const path = at(here, part);
    try {
      return openSync(path, DIRECTORY | O_NOFOLLOW);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOTDIR' && lstatSync(path).isSymbolicLink()) return undefined;
      if (code !== 'ENOENT' || !makes) throw error;
      makeDirectory(path);
      return openSync(path, DIRECTORY | O_NOFOLLOW);
    }
  }

  #here(): number {
    return this.#last.at(-1)?.directory ?? this.#root;
  }

  #keep(length: number): void {
    for (const { directory } of this.#last.splice(length)) closeSync(directory);
  }
}

/** A directory that no entry names, but an entry's path does. */
function makeDirectory(path: Buffer): void {
  mkdirSync(path);
  chmodSync(path, 0o755); // whatever the umask
}

function split(path: string): string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.');
}
