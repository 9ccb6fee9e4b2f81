import { closeSync, constants, fstatSync, mkdirSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openInside } from 'step-06';
import { copyDirectory } from './copy.ts';
import { dataOf, scratch } from './store.ts';

/**
 * Lets a volume take over what a root filesystem has at a path, if it is empty. The copy is made beside it, and put in its
 * place when it's whole: whoever is killed at it leaves an empty volume. The caller has it locked.
 */
export function fill(directory: string, name: string, from: { rootfs: string; path: string }): void {
  const data = dataOf(directory, name);
  if (readdirSync(data).length > 0) return;
  const source = directoryInside(from.rootfs, from.path);
  if (source === undefined) return;
  const making = scratch(directory);
  try {
    mkdirSync(join(making, '_data'), 0o700);
    copyDirectory(source, join(making, '_data'));
    renameSync(join(making, '_data'), data);
  } finally {
    closeSync(source);
    rmSync(making, { recursive: true, force: true });
  }
}

/** A directory of a root filesystem, open for reading; undefined where there is none. */
function directoryInside(rootfs: string, path: string): number | undefined {
  let place: number | undefined;
  try {
    place = openInside(rootfs, path);
    if (!fstatSync(place).isDirectory()) return undefined;
    return openSync(`/proc/self/fd/${place}`, constants.O_RDONLY | constants.O_DIRECTORY);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  } finally {
    if (place !== undefined) closeSync(place);
  }
}
