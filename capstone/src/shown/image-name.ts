import { familiarName, findImage, parseReference } from 'step-10';
import type { BoxRecord } from '../containers/record.ts';

/**
 * What a container's image is called now: as on the command line, unless that name is another's by now. Then it is its id.
 *
 * @param images - remembers which image each name means
 */
export function imageNameOf({ image, imageName }: BoxRecord, images = new Map<string, string | undefined>()): string {
  if (image === undefined) return imageName;
  if (!images.has(imageName)) images.set(imageName, idNow(imageName));
  return images.get(imageName) === image ? imageName : image;
}

/** The same in a table: an id is cut short, and of a name goes the digest, which nobody reads. */
export function shortImageName(name: string, id: string | undefined): string {
  const digits = id?.replace(/^sha256:/, '');
  if (digits?.startsWith(name.replace(/^sha256:/, ''))) return digits.slice(0, 12);
  if (!name.includes('@')) return name;
  const { digest: _, ...rest } = parseReference(name);
  return familiarName(rest);
}

function idNow(name: string): string | undefined {
  try {
    return findImage(name)?.id;
  } catch {
    return undefined; // several begin so by now
  }
}
