import { readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { archivePath, makeDirectories } from 'step-07';
import { thisPlatform } from './image/platform.ts';
import { type Options, ofImage } from './options.ts';
import { findImage } from './store/find.ts';
import type { Image } from './store/image.ts';

/**
 * The options of a container whose root is an archive: of an image, or of a root filesystem, which becomes an image of one
 * layer. It's put in the store once, and found again as long as the archive is the same.
 *
 * @throws {Error} if it's neither, or is damaged, or holds several images
 */
export async function ofArchive(archive: string, wanted: Options, say: (line: string) => void): Promise<Options> {
  const note = `${archivePath(archive)}.image`;
  const image = noted(note) ?? (await putIn(archive, note, say));
  return { ...ofImage(image, wanted.typed), name: wanted.name, directory: wanted.directory };
}

function noted(note: string): Image | undefined {
  try {
    return findImage(readFileSync(note, 'utf8'));
  } catch {
    return undefined;
  }
}

async function putIn(archive: string, note: string, say: (line: string) => void): Promise<Image> {
  say(`Unpacking ${archive}, this once`);
  const image = (await isImageArchive(archive)) ? await loaded(archive, say) : await imported(archive, say);
  makeDirectories(dirname(note), 0o700);
  writeFileSync(note, image.id);
  return image;
}

async function loaded(archive: string, say: (line: string) => void): Promise<Image> {
  const { load } = await import('./load/load.ts');
  const [first, another] = await load({ path: archive, say });
  if (!first) throw new Error(`${archive} contains no image`);
  if (another) throw new Error(`${archive} contains several images: "image load" it, and run one by its name`);
  return first.image;
}

/** A root filesystem as an image of one layer, which runs a shell unless told otherwise. */
async function imported(archive: string, say: (line: string) => void): Promise<Image> {
  const { makeImage, putLayer } = await import('./store/add.ts');
  const { openWorkplace } = await import('./store/workplace.ts');
  const { openArchive } = await import('./tar/open.ts');
  const { places } = await import('./store/places.ts');
  const place = openWorkplace(places().making);
  try {
    const layer = await putLayer(place, openArchive(archive).chunks);
    const config = { ...thisPlatform(), config: { Cmd: ['sh'] } };
    return (await makeImage(place, { config, layer }, say)).image;
  } catch (error) {
    throw new Error(`${archive} can't be unpacked: ${(error as Error).message}`, { cause: error });
  } finally {
    place.close();
  }
}

/** What comes first in the archive of an image: a layout's files, or a layer under its digest. */
const IMAGES =
  /^(\.\/)*(blobs(\/|$)|oci-layout$|index\.json$|manifest\.json$|repositories$|[0-9a-f]{64}(\/|\.json$|\.tar$))/;

/** Does an archive hold images? By the first name in it, since all of one may be gigabytes. */
async function isImageArchive(archive: string): Promise<boolean> {
  const { openArchive } = await import('./tar/open.ts');
  const { entries } = await import('./tar/read.ts');
  for await (const { path } of entries(openArchive(archive).chunks)) {
    const name = path.toString();
    if (!/^(\.\/?)*$/.test(name)) return IMAGES.test(name);
  }
  return false;
}
