import { put, say } from 'step-07';
import { platformOf } from '../../image/platform.ts';
import { load as loadArchive } from '../../load/load.ts';
import { openable, standardInput } from '../../load/standard-input.ts';
import { familiarName } from '../../reference.ts';
import { imageHappened } from '../../store/happened.ts';
import { places } from '../../store/places.ts';
import { openWorkplace } from '../../store/workplace.ts';

interface Flags {
  readonly input?: string;
  readonly platform?: string;
  readonly quiet?: boolean;
}

/** Loads the images of an archive, and says under which names. */
export async function load({ input, platform, quiet }: Flags): Promise<number> {
  const place = openWorkplace(places().making);
  try {
    const path = input === undefined ? await standardInput(place, 'load') : openable(input);
    const name = input ?? 'standard input';
    const loaded = await loadArchive({ path, name, platform: platformOf(platform), say: quiet ? () => {} : say });
    for (const { image, names, replaced, release } of loaded) {
      for (const [name, id] of replaced)
        put(`The image ${familiarName(name)} already exists, renaming the old one with ID ${id} to empty string\n`);
      if (names.length === 0) put(`Loaded image ID: ${image.id}\n`);
      for (const one of names) put(`Loaded image: ${familiarName(one)}\n`);
      release();
      imageHappened('load', image.id);
    }
  } finally {
    place.close();
  }
  return 0;
}
