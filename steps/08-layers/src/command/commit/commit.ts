import { put } from 'step-07';
import { applyChanges } from '../../changes.ts';
import { layerOf } from '../../commit.ts';
import { thisPlatform } from '../../image/platform.ts';
import { parseReference, type Reference, withTag } from '../../reference.ts';
import { viewOf } from '../../root.ts';
import { inSilence, makeImage, putLayer } from '../../store/add.ts';
import { findImage } from '../../store/find.ts';
import type { Image, ImageConfig } from '../../store/image.ts';
import { nameImage } from '../../store/names.ts';
import { places } from '../../store/places.ts';
import { useImage } from '../../store/use.ts';
import { openWorkplace } from '../../store/workplace.ts';
import { readUpper } from '../../upper.ts';
import { type Found, findContainer, type Look, recordOf, whilePaused } from '../container.ts';

export interface Flags {
  readonly author?: string;
  readonly message?: string;
  readonly change?: readonly string[];
  readonly pause: boolean;
}

/** Makes an image of what a container has changed, and prints its id. */
export async function commit(flags: Flags, name: string, reference: string | undefined, look?: Look): Promise<number> {
  const named = reference === undefined ? undefined : withTag(parseReference(reference));
  recordOf(name);
  const make = async () => imageOf(await findContainer(name, look), flags, named);
  const image = await (flags.pause ? whilePaused(name, make) : make());
  put(`${image.id}\n`);
  return 0;
}

async function imageOf(found: Found, flags: Flags, name?: Reference): Promise<Image> {
  const { record, upper, top, lower } = found;
  const parent = record.image === undefined ? undefined : findImage(record.image);
  if (!parent && record.image) throw new Error(`its image ${record.image} is gone`);
  const release = parent ? useImage(parent) : () => {};
  const place = openWorkplace(places().making);
  try {
    const layer = await putLayer(place, parent ? layerOf(upper, top, lower) : wholeOf(found));
    const config = configOf(parent?.config ?? thisPlatform(), record, flags);
    const added = await makeImage(place, { config, ...(parent && { parent }), layer }, inSilence);
    if (name) nameImage(place, added.image, name);
    added.release();
    return added.image;
  } finally {
    place.close();
    release();
  }
}

/** All that a container's root has, without what is mounted there: as the one layer of an image. */
export function wholeOf({ record, top }: Found): AsyncGenerator<Buffer> {
  const all = `${viewOf([top, ...record.lowers])}/.`;
  return layerOf(readUpper(all), all, all);
}

/** The image's config, with what the container was told and the changes asked for. */
function configOf(
  parent: Partial<ImageConfig>,
  { config }: Found['record'],
  flags: Flags,
): Omit<ImageConfig, 'rootfs'> {
  const { rootfs: _, history = [], author, ...before } = parent;
  const created = new Date().toISOString();
  const { Cmd } = config;
  const line = {
    created,
    ...(flags.author && { author: flags.author }),
    created_by: (Cmd ?? []).join(' '),
    ...(flags.message && { comment: flags.message }),
  };
  return {
    ...before,
    created,
    ...((flags.author ?? author) && { author: flags.author ?? author }),
    ...(flags.message && { comment: flags.message }),
    config: applyChanges(config, flags.change ?? []),
    history: [...history, line],
  } as Omit<ImageConfig, 'rootfs'>;
}
