import { put } from 'step-07';
import { applyChanges } from '../../changes.ts';
import { platformOf } from '../../image/platform.ts';
import { openable, standardInput } from '../../load/standard-input.ts';
import { parseReference, withTag } from '../../reference.ts';
import { inSilence, makeImage, putLayer } from '../../store/add.ts';
import { imageHappened } from '../../store/happened.ts';
import { nameImage } from '../../store/names.ts';
import { places } from '../../store/places.ts';
import { openWorkplace, type Workplace } from '../../store/workplace.ts';
import { openArchive } from '../../tar/open.ts';

interface Flags {
  readonly change?: readonly string[];
  readonly message?: string;
  readonly platform?: string;
}

/** Makes an image of a root filesystem's archive, and prints its id. */
export async function importImage(flags: Flags, file: string, name: string | undefined): Promise<number> {
  const reference = name === undefined ? undefined : withTag(parseReference(name));
  if (/^https?:\/\//.test(file)) throw new Error(`nothing is downloaded here: curl -L ${file} | … image import -`);
  const place = openWorkplace(places().making);
  try {
    const path = file === '-' ? await standardInput(place, 'import') : openable(file);
    const { image, release } = await imported(place, path, file, flags);
    if (reference !== undefined) nameImage(place, image, reference);
    release();
    imageHappened('import', image.id);
    put(`${image.id}\n`);
  } finally {
    place.close();
  }
  return 0;
}

async function imported(place: Workplace, path: string, from: string, { change = [], message, platform }: Flags) {
  const { os, architecture, variant } = platformOf(platform);
  const created = new Date().toISOString();
  const comment = message ?? `Imported from ${from}`;
  const config = {
    architecture,
    ...(variant !== undefined && { variant }),
    os,
    created,
    comment,
    config: applyChanges({}, change),
    history: [{ created, comment }],
  };
  try {
    return await makeImage(place, { config, layer: await putLayer(place, openArchive(path).chunks) }, inSilence);
  } catch (error) {
    throw new Error(`${from} can't be imported: ${(error as Error).message}`, { cause: error });
  }
}
