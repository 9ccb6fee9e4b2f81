import { familiarName, parseReference, type Reference, withTag } from '../../reference.ts';
import { imageHappened } from '../../store/happened.ts';
import { nameImage } from '../../store/names.ts';
import { places } from '../../store/places.ts';
import { useImage } from '../../store/use.ts';
import { openWorkplace } from '../../store/workplace.ts';
import { imageNamed } from './named.ts';

/** Gives an image another name. */
export function tag(words: string, name: string): number {
  const image = imageNamed(words);
  const reference = withTag(parsed(name));
  if (reference.digest !== undefined) throw new Error('refusing to create a tag with a digest reference');
  const place = openWorkplace(places().making);
  const release = useImage(image);
  try {
    nameImage(place, image, reference);
    imageHappened('tag', image.id, familiarName(reference));
  } finally {
    release();
    place.close();
  }
  return 0;
}

function parsed(name: string): Reference {
  try {
    return parseReference(name);
  } catch (error) {
    const what = `Error parsing reference: ${JSON.stringify(name)} is not a valid repository/tag`;
    throw new Error(`${what}: ${(error as Error).message}`, { cause: error });
  }
}
