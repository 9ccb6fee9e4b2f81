import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Image } from './store/image.ts';
import { detached } from './unpack/here.ts';

/** The directories that a container's root is made of, besides its own: the topmost first. */
export function lowersOf({ image, rootfs }: { readonly image: Image | undefined; readonly rootfs: string }): string[] {
  if (!image) return [rootfs];
  if (image.layers.length === 0) throw new Error('the image has no layers, so there is nothing in it to run');
  return directoriesOf(image);
}

/** Where an image's layers are unpacked, the topmost first. */
export function directoriesOf({ layers }: Image): string[] {
  return layers.map((layer) => layer.directory).toReversed();
}

/**
 * Where to look for an image's files without mounting anything: the topmost layer that says who there is, as a user is what
 * is looked for. `plan` has no more than that, since it takes no root.
 */
export function lookFrom(image: Image): string {
  const directories = directoriesOf(image);
  const [top = '/nonexistent'] = directories;
  return directories.find((directory) => existsSync(join(directory, 'etc/passwd'))) ?? top;
}

/**
 * All of these directories as one, for this process alone: an overlay that is attached nowhere, and goes with it.
 *
 * @param keep - is given the descriptor that the overlay goes with
 */
export function viewOf(lowers: readonly string[], keep: (fd: number) => void = () => {}): string {
  const [only, ...others] = lowers;
  if (only !== undefined && others.length === 0) return only; // overlay takes two, where nothing can be written
  const view = detached({ lowers });
  keep(view);
  return `/proc/self/fd/${view}`;
}
