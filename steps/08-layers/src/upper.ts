import { closeSync, lstatSync, openSync, readdirSync, type Stats } from 'node:fs';
import { O_CLOEXEC, O_DIRECTORY, O_NOFOLLOW, O_PATH } from 'shared-native';
import { isOpaque } from './unpack/attributes.ts';

/** A file of a container's upper directory. */
export interface Upper {
  /** From the root, without a slash before it. */
  readonly path: Buffer;
  readonly stat: Stats;
  /** Stands for a file of a lower directory that was deleted: a character device 0:0. */
  readonly whiteout: boolean;
  /** Of a directory: nothing shows through that lower ones have in it. */
  readonly opaque: boolean;
  /** What it holds, by name, of a directory. */
  readonly children: readonly Upper[];
}

const SLASH = Buffer.from('/');

/**
 * What is in an upper directory, as the kernel left it there, sorted by name.
 *
 * @see {@link https://docs.kernel.org/filesystems/overlayfs.html#whiteouts-and-opaque-directories | whiteouts and opaque directories}
 */
export function readUpper(upper: string): Upper {
  return read(Buffer.from(upper), Buffer.alloc(0));
}

function read(top: Buffer, path: Buffer): Upper {
  const file = join(top, path);
  const stat = lstatSync(file);
  const whiteout = stat.isCharacterDevice() && stat.rdev === 0;
  if (!stat.isDirectory()) return { path, stat, whiteout, opaque: false, children: [] };
  const names = readdirSync(file, { encoding: 'buffer' }).sort(Buffer.compare);
  return {
    path,
    stat,
    whiteout,
    opaque: isOpaqueAt(file),
    children: names.map((name) => read(top, join(path, name))),
  };
}

function isOpaqueAt(directory: Buffer): boolean {
  const descriptor = openSync(directory, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  try {
    return isOpaque(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** A path below another, in bytes. Either may be empty. */
export function join(above: Buffer, below: Buffer): Buffer {
  if (above.length === 0 || below.length === 0) return above.length === 0 ? below : above;
  return Buffer.concat([above, SLASH, below]);
}
