import { lstatSync, readlinkSync, type Stats } from 'node:fs';
import { posix } from 'node:path';
import { at, BYTES, Inside } from 'step-10/files';
import type { End } from './end.ts';

/** As many links as the kernel follows: path_resolution(7). */
const MOST_LINKS = 40;

/** A file at an end of a copy, or the place for one. */
export interface Located {
  /** The way there, below the root; none is `..`. */
  readonly parts: readonly string[];
  /** Undefined if nothing is there. */
  readonly stat: Stats | undefined;
}

/** Finds what a path means below a root. @param follow - also if it is a symbolic link? */
export function locate({ root }: End, path: string, follow: boolean): Located {
  const inside = new Inside(root);
  try {
    let parts = partsOfPath(Buffer.from(path).toString(BYTES));
    for (let links = 0; links <= MOST_LINKS; links++) {
      const stat = look(inside, parts);
      if (!follow || !stat?.isSymbolicLink()) return { parts, stat };
      const target = readlinkSync(place(inside, parts), BYTES);
      parts = partsOfPath(target.startsWith('/') ? target : [...parts.slice(0, -1), target].join('/'));
    }
    throw new Error(`ELOOP: too many symbolic links: ${path}`);
  } finally {
    inside.forget();
  }
}

/** How a file is reached: by its name in a directory that is open. */
export function place(inside: Inside, parts: readonly string[]): Buffer {
  return at(inside.directoryOf(parts, false), parts.at(-1) ?? '.');
}

function look(inside: Inside, parts: readonly string[]): Stats | undefined {
  try {
    return lstatSync(place(inside, parts));
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

/** `..` takes the part before it away, as docker's command does before anybody looks. */
function partsOfPath(path: string): string[] {
  return posix
    .normalize(`/${path}`)
    .split('/')
    .filter((part) => part !== '');
}
