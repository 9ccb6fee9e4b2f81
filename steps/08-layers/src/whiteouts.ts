import { lstatSync, readdirSync } from 'node:fs';
import { remove } from './unpack/remove.ts';
import { join } from './upper.ts';

/** The entries of a layer that aren't files, but say something by their names (OCI image spec, layer.md). */
export type Marker =
  | { readonly kind: 'whiteout'; readonly name: Buffer }
  | { readonly kind: 'opaque' }
  /** What AUFS kept for itself in the layers of old images. */
  | { readonly kind: 'ignored' };

const PREFIX = '.wh.';
const OPAQUE = '.wh..wh..opq';

// #region what a name in a layer says
/**
 * Reads the last part of an entry's name. `.wh.NAME` says that the lower layers' NAME is gone, `.wh..wh..opq` that all the
 * lower layers' files in this directory are.
 *
 * @returns undefined for an ordinary file
 * @throws {Error} if NAME isn't a name: if it is empty, `.` or `..`
 */
export function marker(name: Buffer): Marker | undefined {
  // #region task 2: what a name in a layer says
  const text = name.toString('latin1'); // a character for each byte
  if (!text.startsWith(PREFIX)) return undefined;
  if (text === OPAQUE) return { kind: 'opaque' };
  const rest = text.slice(PREFIX.length);
  if (rest.startsWith(PREFIX)) return { kind: 'ignored' };
  if (['', '.', '..'].includes(rest)) throw new Error(`a whiteout needs a name, and ${JSON.stringify(rest)} is none`);
  return { kind: 'whiteout', name: name.subarray(PREFIX.length) };
  // #endregion
}
// #endregion

/**
 * Removes everything that a directory has from lower layers. This layer's own files stay, wherever the marker comes among them.
 *
 * @param directory - where it is reached
 * @param path - its path in the layer with a slash behind it, or nothing for the root
 * @param own - the paths of this layer's entries so far
 */
export function empty(directory: Buffer, path: string, own: ReadonlySet<string>): void {
  for (const name of readdirSync(directory, { encoding: 'buffer' })) {
    const there = join(directory, name);
    const ours = `${path}${name.toString('latin1')}`;
    if (!own.has(ours)) remove(there);
    else if (lstatSync(there).isDirectory()) empty(there, `${ours}/`, own);
  }
}
