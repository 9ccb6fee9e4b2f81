/** What an archive has at a path so far. */
export interface Placed {
  readonly kind: 'file' | 'directory' | 'symlink';
  /** Of a symlink: what it says, whatever that is. */
  readonly target?: string | undefined;
  /** Of a file, in bytes. */
  readonly size?: number;
  readonly mode?: number | undefined;
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
  readonly mtime?: Date | undefined;
}

/** As the kernel has it (path_resolution(7)). */
const MOST_LINKS = 40;
const LONGEST_TARGET = 4095;

/** A directory that no entry names, but an entry's path does. */
const IMPLIED: Placed = { kind: 'directory', mode: 0o755, uid: 0, gid: 0 };

/**
 * The tree that an archive describes, with its symbolic links, which exist only here while its entries are written:
 * on disk there is nothing yet that could lead a write outside.
 */
export class Tree {
  /** By path from the root, without a slash at its beginning or end; the root's is empty. */
  readonly placed = new Map<string, Placed>([['', IMPLIED]]);
  /** The directories that hold something. */
  readonly #parents = new Set<string>();

  /**
   * Where an entry of this name belongs. If `bin` is a link to `usr/bin`, then `bin/sh` is `usr/bin/sh`: links are
   * followed as inside a container, where neither / nor .. leads out of the root. The last part may be a link itself.
   *
   * @throws if the name leads out, or through a file
   */
  locate(name: string): string {
    const rest = parts(name);
    if (rest.includes('..')) throw new Error('".." could lead out of the root filesystem');
    assertUtf8(name);
    if (name.includes('\0')) throw new Error('no file name can contain a NUL');
    const last = rest.pop();
    if (last === undefined) return '';
    return [...this.#follow(rest), last].join('/');
  }

  /** The names at the top. */
  top(): string[] {
    return [...this.placed.keys()].filter((path) => path !== '' && !path.includes('/'));
  }

  /** @throws if something else is there that can't be replaced */
  place(path: string, entry: Placed): void {
    if (entry.kind !== 'directory') {
      if (path === '') throw new Error(`the root must be a directory, and this is a ${entry.kind}`);
      if (this.#parents.has(path)) throw new Error(`a directory with entries can't become a ${entry.kind}`);
    }
    assertUtf8(entry.target ?? '');
    if (Buffer.byteLength(entry.target ?? '') > LONGEST_TARGET) throw new Error('the target of this link is too long');
    this.#addParents(path);
    this.placed.set(path, entry);
  }

  #addParents(path: string): void {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const parent = path.slice(0, end);
      if (this.#parents.has(parent)) return;
      this.#parents.add(parent);
      if (!this.placed.has(parent)) this.placed.set(parent, IMPLIED);
    }
  }

  #follow(rest: string[]): string[] {
    const at: string[] = [];
    for (let links = 0, part = rest.shift(); part !== undefined; part = rest.shift()) {
      if (part === '..') {
        at.pop();
        continue;
      }
      at.push(part);
      const { kind, target = '' } = this.placed.get(at.join('/')) ?? IMPLIED;
      if (kind === 'file') throw new Error(`${JSON.stringify(at.join('/'))} is a file, so nothing can be in it`);
      if (kind === 'directory') continue;
      links += 1;
      if (links > MOST_LINKS) throw new Error('its path has too many symbolic links, or they lead round in a circle');
      at.pop();
      if (target.startsWith('/')) at.length = 0;
      rest.unshift(...parts(target));
    }
    return at;
  }
}

/** Bytes that aren't UTF-8 have all become U+FFFD when tar hands a name over: of two such names one would be lost. */
function assertUtf8(name: string): void {
  if (!name.includes('\ufffd')) return;
  throw new Error("this name isn't UTF-8, and can't be kept as it is; rename the file, and make the archive again");
}

function parts(path: string): string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.');
}
