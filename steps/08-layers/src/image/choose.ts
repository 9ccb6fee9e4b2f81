import type { Document } from './documents.ts';
import { isIndex, isManifest } from './media-types.ts';
import type { Platform } from './platform.ts';

/** An entry of an index. */
export type Entry = Document<'index'>['manifests'][number];

/** Indexes in indexes: one for platforms in one for names is what there is. */
export const DEEPEST = 4;

/**
 * The entry of an index that is for a platform. An index in it that names none is to be looked into.
 *
 * @throws {Error} that lists what there is
 */
export function chooseEntry(entries: readonly Entry[], wanted: Platform): Entry {
  const images = entries.filter(({ mediaType }) => isManifest(mediaType) || isIndex(mediaType));
  const fits = images.filter(
    ({ platform }) => !platform || (platform.os === wanted.os && platform.architecture === wanted.architecture),
  );
  const [first] = fits;
  const best = fits.find(({ platform }) => (platform?.variant ?? undefined) === wanted.variant) ?? first;
  if (best !== undefined) return best;
  const others = images.map(({ platform }) => `${platform?.os}/${platform?.architecture}`);
  throw new Error(
    `it has no image for ${wanted.os}/${wanted.architecture}, but for ${[...new Set(others)].join(', ')}`,
  );
}
