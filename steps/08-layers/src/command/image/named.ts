import { familiarName, parseReference, wholeId, withTag } from '../../reference.ts';
import { findImage } from '../../store/find.ts';
import type { Digest, Image } from '../../store/image.ts';
import { hex } from '../../store/places.ts';

/** There is no image of a name. */
export class NoSuchImage extends Error {
  override readonly name = 'NoSuchImage';
}

/** The image that somebody named. @param called - what to call it @throws {NoSuchImage} if there is none */
export function imageNamed(words: string, called?: string): Image {
  const image = findImage(words);
  if (image !== undefined) return image;
  const name = called ?? wholeId(words) ?? familiarName(withTag(parseReference(words)));
  throw new NoSuchImage(`No such image: ${name}`);
}

/** The 12 digits of an id that docker shows. */
export function shortId(id: Digest): string {
  return hex(id).slice(0, 12);
}
