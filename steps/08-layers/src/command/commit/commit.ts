import { put, say } from 'step-07';
import { applyChanges } from '../../changes.ts';
import { layerOf } from '../../commit.ts';
import { parseReference, type Reference, withTag } from '../../reference.ts';
import { makeImage, putLayer } from '../../store/add.ts';
import { findImage } from '../../store/find.ts';
import type { Image, ImageConfig } from '../../store/image.ts';
import { nameImage } from '../../store/names.ts';
import { places } from '../../store/places.ts';
import { useImage } from '../../store/use.ts';
import { openWorkplace } from '../../store/workplace.ts';
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

async function imageOf({ record, upper, top, lower }: Found, flags: Flags, name?: Reference): Promise<Image> {
  const parent = record.image === undefined ? undefined : findImage(record.image);
  if (!parent)
    throw new Error('its root is a directory and no image: "image import" makes an image of a tar archive of that');
  const release = useImage(parent);
  const place = openWorkplace(places().making);
  try {
    const layer = await putLayer(place, layerOf(upper, top, lower));
    const added = await makeImage(place, { config: configOf(parent, record, flags), parent, layer }, say);
    if (name) nameImage(place, added.image, name);
    added.release();
    return added.image;
  } finally {
    place.close();
    release();
  }
}

/** The image's config, with what the container was told and the changes asked for. */
function configOf(parent: Image, { config }: Found['record'], flags: Flags): Omit<ImageConfig, 'rootfs'> {
  const { rootfs: _, history = [], author, ...before } = parent.config;
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
