import type { Command } from 'commander';
import { each, put, type Subcommand, say } from 'step-07';
import { applyChanges } from '../changes.ts';
import { layerOf } from '../commit.ts';
import { parseReference, type Reference, withTag } from '../reference.ts';
import { makeImage, putLayer } from '../store/add.ts';
import { findImage } from '../store/find.ts';
import type { Image, ImageConfig } from '../store/image.ts';
import { nameImage } from '../store/names.ts';
import { places } from '../store/places.ts';
import { useImage } from '../store/use.ts';
import { openWorkplace } from '../store/workplace.ts';
import { type Found, findContainer, recordOf, whilePaused } from './container.ts';

interface Flags {
  readonly author?: string;
  readonly message?: string;
  readonly change?: readonly string[];
  readonly pause: boolean;
}

/** `commit`: a new image of what a container has changed. */
export const commitCommand: Subcommand = {
  name: 'commit',
  description: "make a new image of a container's changes",
  positionals: [
    ['<container>', 'one that runs, or was kept'],
    ['[image]', 'a name for the image'],
  ],
  needsRoot: true,
  failure: 1,
  options: (command: Command) =>
    command
      .option('-a, --author <author>', 'who made it')
      .option('-c, --change <instruction>', 'a line of a Dockerfile that changes the config', each(String))
      .option('-m, --message <text>', 'what for')
      .option('-p, --pause', 'pause the container meanwhile (--pause=false: take its files as they change)', true),
  async run(flags: Flags, [name = '', reference]) {
    const named = reference === undefined ? undefined : withTag(parseReference(reference));
    recordOf(name);
    const make = () => commit(findContainer(name), flags, named);
    const image = await (flags.pause ? whilePaused(name, make) : make());
    put(`${image.id}\n`);
    return 0;
  },
};

async function commit({ record, upper, top, lower }: Found, flags: Flags, name?: Reference): Promise<Image> {
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
