import { dirname, join } from 'node:path';
import { dataOf, directoriesIn, lowersOf, shortHash } from 'step-08';
import type { Laid } from './idmapped.ts';
import type { Maps } from './maps.ts';
import type { Options } from './options.ts';

// #region what has other owners
/**
 * The directories that the container is to see by other owners, and where: an image's layers and volumes at their own
 * places, which nobody else looks at. A directory that somebody named is seen in the container's own: its own place may be a
 * bind's, too, through which the container would write as the host's root.
 */
export function laid(options: Options): Laid[] {
  const { merged } = directoriesIn(options.directory);
  const volumes = options.mounts.flatMap((one) =>
    one.type === 'volume' ? [dataOf(options.volumesDirectory, one.name)] : [],
  );
  const atTheirPlaces = options.image ? [...lowersOf(options), ...volumes] : volumes;
  return [
    ...(options.image ? [] : [{ directory: options.rootfs, at: merged }]),
    ...atTheirPlaces.map((directory) => ({ directory, at: directory })),
  ];
}
// #endregion

/** Where its lower directories are then. */
export function lowers(options: Options, maps: Maps): Pick<Options, 'lowers'> {
  if (options.copied) return { lowers: copies(options, maps).map(({ to }) => to) };
  return options.image ? {} : { lowers: [directoriesIn(options.directory).merged] };
}

/**
 * The copies that it has instead: of layers, which never change, one for all containers with these ids. A copy is
 * beside the layer's files, so it goes when the layer does.
 */
export function copies(options: Options, maps: Maps): { from: string; to: string }[] {
  const key = shortHash(JSON.stringify(maps));
  const to = (from: string) =>
    options.image ? join(dirname(from), `owners-${key}`) : join(options.directory, 'lower');
  return lowersOf(options).map((from) => ({ from, to: to(from) }));
}
