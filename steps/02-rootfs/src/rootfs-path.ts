import { isUtf8 } from 'node:buffer';
import { lstatSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { defaultRootfsPath, typedPath } from 'step-01';
import { archivePath } from './archive/archive.ts';

/**
 * The directory that a container is to have as its root: the one named, or the one that the named archive is unpacked to.
 *
 * @throws {Error} if there is nothing of that name, if it is the machine's own root, or neither a directory nor an archive.
 */
export function rootfsPath(name: string): { rootfs: string; archive: string | undefined } {
  if (name === '') throw new Error('the root filesystem has an empty name: give a directory, or a tar archive of one');
  const path = typedPath(name);
  if (path === defaultRootfsPath()) return { rootfs: path, archive: undefined }; // made when it is first used
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw new Error(`there is no root filesystem at ${path}: "rootfs DIRECTORY" makes one`);
  if (found.isFile()) return { rootfs: archivePath(path), archive: path };
  const rootfs = realpath(path);
  if (!found.isDirectory()) throw new Error(`${path} is neither a directory nor a tar archive of one`);
  if (rootfs === '/')
    throw new Error("/ is this machine's own root, and a container must have another: give a directory below it");
  return { rootfs, archive: undefined };
}

/** Where links lead. @throws {Error} if that is no UTF-8: Node would look for another path */
function realpath(path: string): string {
  const real = realpathSync.native(path, { encoding: 'buffer' });
  if (!isUtf8(real)) throw new Error(`${path} leads to a path with bytes that aren't UTF-8: rename it`);
  return real.toString();
}

/** The directories that every container gets mounts on, or needs. */
const NEEDED = ['proc', 'sys', 'dev', 'tmp'];

/** Those that a root filesystem lacks. The container makes them: there is no other place to mount on. */
export function lacking(rootfs: string): string[] {
  return NEEDED.filter((name) => lstatSync(join(rootfs, name), { throwIfNoEntry: false }) === undefined);
}
