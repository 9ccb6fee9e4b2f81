import type { ReadEntry } from 'tar';
import { type Placed, Tree } from './tree.ts';

const KINDS: Record<string, Placed['kind']> = {
  File: 'file',
  OldFile: 'file',
  ContiguousFile: 'file',
  Directory: 'directory',
  GNUDumpDir: 'directory',
  SymbolicLink: 'symlink',
};

/** What is not unpacked, by tar's name for the type; what is in neither table is nothing that could be. */
const LEFT_OUT: Record<string, string> = {
  CharacterDevice: 'device node',
  BlockDevice: 'device node',
  FIFO: 'fifo',
  ContinuationFile: 'end of a file that began in another archive',
  Unsupported: 'entry of an unknown type',
};

const SPARSE = 'a sparse file is stored in a way that is not supported; make the archive without --sparse';

/**
 * The extended attributes that a header speaks of, such as a program's capabilities. They can't be kept: tar reads the
 * header as UTF-8, which their bytes are not.
 */
function attributesIn(header: string): string[] {
  const found = header.matchAll(/^\d+ (?:SCHILY|LIBARCHIVE)\.(?:xattr\.([^=\n]+)|acl\.\w+)=/gm);
  return [...new Set([...found].map(([, name = 'posix_acl']) => name))];
}

/** The entries of an archive: where each belongs, what is left out, and which are refused. */
export class Entries {
  readonly tree = new Tree();
  /** Was the block of zeros seen that ends an archive? */
  sawMark = false;
  #count = 0;
  #bytes = 0;
  readonly #leftOut = new Map<string, string[]>();
  /** The extended attributes (xattr(7)) that the header before an entry has for it. */
  #attributes: string[] = [];

  /** Takes an entry in, and tells tar where it goes. @returns whether tar is to write it. @throws if it's refused */
  place(entry: ReadEntry): boolean {
    this.sawMark = false;
    const attributes = this.#attributes.splice(0);
    const path = this.tree.locate(entry.path);
    entry.path = `./${path}`; // so that tar takes a name such as c:d for no drive
    if (entry.type === 'Link') return this.#placeLink(entry, path);
    const kind = KINDS[entry.type];
    if (kind === undefined) return false;
    for (const attribute of attributes) this.#leaveOut(`${attribute} attribute`, entry.path);
    const { linkpath: target, size, mode, uid, gid, mtime } = entry;
    this.tree.place(path, { kind, target, size, mode, uid, gid, mtime });
    this.#count += 1;
    this.#bytes += kind === 'file' ? size : 0;
    entry.mode = kind === 'file' ? 0o600 : 0o700;
    return kind !== 'symlink' && path !== '';
  }

  /** A hard link to a symbolic link is made as another one that says the same. */
  #placeLink(entry: ReadEntry, path: string): boolean {
    const target = this.tree.locate(entry.linkpath ?? '');
    const linked = this.tree.placed.get(target);
    if (linked === undefined) throw new Error(`its target ${quoted(target)} is not in the archive before it`);
    if (linked.kind === 'directory') throw new Error(`its target ${quoted(target)} is a directory`);
    if (target !== path) this.tree.place(path, linked);
    this.#count += 1;
    entry.linkpath = `./${target}`;
    return linked.kind === 'file' && target !== path;
  }

  /** What tar passes over: because `place` said so, or because it knows no better. */
  ignore({ type, path, size, meta }: ReadEntry): void {
    this.#attributes = [];
    if (meta) throw new Error(`it has an extended header of ${size} bytes, and 1 MiB is the most that can be read`);
    if (type === 'SparseFile') throw new Error(SPARSE);
    const what = LEFT_OUT[type];
    if (what !== undefined) this.#leaveOut(what, path);
  }

  #leaveOut(what: string, path: string): void {
    const names = this.#leftOut.get(what) ?? [];
    this.#leftOut.set(what, names);
    names.push(asInside(path));
  }

  /** Looks at an extended header for what tar passes over silently, and would then unpack wrongly. */
  readHeader(text: string): void {
    if (/^\d+ GNU\.sparse\./m.test(text)) throw new Error(SPARSE);
    this.#attributes = attributesIn(text);
    for (const line of text.split('\n')) {
      const length = /^(\d+) (path|linkpath)=/.exec(line)?.[1];
      if (length !== undefined && Number(length) !== Buffer.byteLength(line) + 1) {
        throw new Error(`the name ${quoted(line)} contains a newline, and can't be read`);
      }
    }
  }

  /** Makes an error of tar's warning. */
  refuse(message: string, data: object): never {
    const cause = data instanceof Error ? data : undefined;
    if (this.none() && !cause) {
      throw new Error(`it is not a tar archive, nor one compressed with gzip or zstd (${message})`);
    }
    const error = new Error(message, { cause });
    if ('entry' in data) throw named(data.entry as ReadEntry, error);
    throw new Error(`it's damaged after ${this.amount()}: ${message}`, { cause: error });
  }

  none(): boolean {
    return this.#count === 0 && this.#leftOut.size === 0;
  }

  /** How much it is so far: `4,321 entries, 123 MB`. */
  amount(): string {
    const megabytes = (this.#bytes / 1e6).toFixed(this.#bytes < 1e7 ? 1 : 0);
    return `${this.#count.toLocaleString('en')} ${this.#count === 1 ? 'entry' : 'entries'}, ${megabytes} MB`;
  }

  /** A line for each kind of what was left out. */
  leftOut(): string[] {
    return [...this.#leftOut].map(([what, names]) => {
      const list = names.length > 3 ? [...names.slice(0, 3), '…'] : names;
      return `${names.length} ${what}${names.length === 1 ? '' : 's'} left out: ${list.join(', ')}`;
    });
  }
}

/** Does it; an error then names the entry. */
export function naming<T>(entry: ReadEntry, doing: () => T): T {
  try {
    return doing();
  } catch (error) {
    throw named(entry, error as Error);
  }
}

function named({ type, path, linkpath }: ReadEntry, cause: Error): Error {
  const link = linkpath ? ` to ${quoted(linkpath)}` : '';
  return new Error(`${type} ${quoted(asInside(path))}${link}: ${cause.message}`, { cause });
}

function asInside(path: string): string {
  return path.replace(/^(\.?\/)+/, '');
}

function quoted(name: string): string {
  return JSON.stringify(name.length > 200 ? `${name.slice(0, 200)}…` : name);
}
