import type { Document } from './documents.ts';
import { isIndex, isManifest } from './media-types.ts';
import type { Platform } from './platform.ts';

/** An entry of an index. */
export type Entry = Document<'index'>['manifests'][number];

/** Indexes in indexes: one for platforms in one for names is what there is. */
export const DEEPEST = 4;

/**
 * The entry of an index that is for a platform. One that names none may be an index, which is to be looked into, or an image for
 * any; it may also be a signature of the others, so it's the last choice.
 *
 * @throws {Error} that lists what there is
 */
export function chooseEntry(entries: readonly Entry[], wanted: Platform): Entry {
  const images = entries.filter(({ mediaType }) => isManifest(mediaType) || isIndex(mediaType));
  const named = images.filter(
    ({ platform }) => platform?.os === wanted.os && platform.architecture === wanted.architecture,
  );
  const fits = [...named, ...images.filter(({ platform }) => !platform)];
  const [first] = fits;
  const best = named.find(({ platform }) => (platform?.variant ?? undefined) === wanted.variant) ?? first;
  if (best !== undefined) return best;
  if (images.length === 0) throw new Error('its index lists no image');
  const others = images.map(({ platform }) => `${platform?.os}/${platform?.architecture}`);
  throw new Error(
    `it has no image for ${wanted.os}/${wanted.architecture}, but for ${[...new Set(others)].join(', ')}`,
  );
}
