/** What an entry of a tar archive is. */
export type EntryType = 'file' | 'directory' | 'symlink' | 'link' | 'character' | 'block' | 'fifo';

/** What an archive says of a file. Names are bytes, as the kernel has them: nothing says that they are UTF-8. */
export interface Entry {
  readonly type: EntryType;
  readonly path: Buffer;
  /** Where a symbolic link leads, or what a hard link is another name of. */
  readonly linkpath: Buffer;
  /** Permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** In seconds since 1970. */
  readonly mtime: number;
  /** Of a file, in bytes, its holes included. */
  readonly size: number;
  readonly major: number;
  readonly minor: number;
  /** Extended attributes (xattr(7)). */
  readonly xattrs: ReadonlyMap<string, Buffer>;
  /** Where the bytes of the body go: one after another, unless the file is sparse. */
  readonly extents: readonly Extent[];
}

/** A part of a file that isn't a hole, in bytes. */
export interface Extent {
  readonly at: number;
  readonly length: number;
}

/** An entry that was just read: its body is read now, or passed over. */
export interface ReadEntry extends Entry {
  readonly body: AsyncIterable<Buffer>;
}

/** Tar is a sequence of blocks of so many bytes. */
export const BLOCK = 512;

/** What archives say of a type, by POSIX's letters; `D` is GNU's directory with a list of names in it. */
export const TYPES: Readonly<Record<string, EntryType>> = {
  '\0': 'file',
  '0': 'file',
  '1': 'link',
  '2': 'symlink',
  '3': 'character',
  '4': 'block',
  '5': 'directory',
  '6': 'fifo',
  '7': 'file',
  D: 'directory',
  S: 'file',
};
