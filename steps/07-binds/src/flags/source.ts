import { existsSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Bind, Mount } from '../mount.ts';
import type { PlaceKind } from '../place.ts';
import { dataOf } from '../volumes/store.ts';

/**
 * A bind mount whose source is a path without links: they are followed here, once.
 *
 * @throws {Error} if there is nothing of that name, and none is to be made
 */
export function withSource<B extends Bind>(mount: B): B {
  if (!mount.makeSource && !existsSync(mount.source)) {
    throw new Error(`invalid mount config for type "bind": bind source path does not exist: ${mount.source}`);
  }
  return { ...mount, source: withoutLinks(mount.source) };
}

/** What goes where a mount goes: a file, or a directory, as what is still to be made will be. */
export function kindOf(mount: Mount, volumesDirectory: string): PlaceKind {
  if (mount.type === 'tmpfs') return 'directory';
  if (mount.type === 'bind' && mount.sourceKind) return mount.sourceKind;
  const source = mount.type === 'bind' ? mount.source : join(dataOf(volumesDirectory, mount.name), mount.subpath);
  return statSync(source, { throwIfNoEntry: false })?.isDirectory() === false ? 'file' : 'directory';
}

function withoutLinks(path: string): string {
  return existsSync(path) || path === '/' ? realpathSync(path) : join(withoutLinks(dirname(path)), basename(path));
}
