import { dataOf, directoriesIn, lowersOf } from 'step-08';
import type { Laid } from './idmapped.ts';
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
export function lowers({ image, directory, idmap, lowers }: Options): Pick<Options, 'lowers'> {
  if (lowers) return { lowers };
  return image || idmap === undefined ? {} : { lowers: [directoriesIn(directory).merged] };
}
