import { asFilter, each, type Subcommand } from 'step-07';

/** `image …`: the commands of the store, with docker's names and flags. Each loads what it needs when it's run. */
export const imageCommands: readonly Subcommand[] = [
  {
    name: 'image ls',
    description: 'list images',
    positionals: [['[repository]', 'only those of this repository, or of this name and tag']],
    needsRoot: false,
    failure: 1,
    options: (command) =>
      command
        .option('-a, --all', 'all images: there are no hidden ones here')
        .option('--digests', 'show the digests of images that have one in their name')
        .option(
          '-f, --filter <filter>',
          'only those that dangling=, label=, reference=, before=, since= or until= leaves',
          each(asFilter),
        )
        .option('--format <format>', 'table, "table TEMPLATE", json, or a template for each')
        .option('--no-trunc', 'show whole ids')
        .option('-q, --quiet', 'show ids alone'),
    run: async (flags, [repository]) => (await import('./image/ls.ts')).ls(flags, repository),
  },
  {
    name: 'image history',
    description: 'show how an image was made',
    positionals: [['<image>', 'a name or an id']],
    needsRoot: false,
    failure: 1,
    options: (command) =>
      command
        .option('--format <format>', 'table, "table TEMPLATE", json, or a template for each')
        .option('-H, --human', 'show sizes and times for people', true)
        .option('--no-trunc', 'cut nothing short')
        .option('--platform <platform>', 'only if it is for this one, os/architecture[/variant]')
        .option('-q, --quiet', 'show ids alone'),
    run: async (flags, [image]) => (await import('./image/history.ts')).history(flags, image as string),
  },
  {
    name: 'image inspect',
    description: 'show all that is known of images',
    positionals: [['<image...>', 'names or ids']],
    needsRoot: false,
    failure: 1,
    options: (command) =>
      command
        .option('-f, --format <format>', 'json, or a template for each')
        .option('--platform <platform>', 'only if it is for this one, os/architecture[/variant]'),
    run: async (flags, images) => (await import('./image/inspect.ts')).inspect(flags, images),
  },
  {
    name: 'image tag',
    description: 'give an image another name',
    positionals: [
      ['<image>', 'a name or an id'],
      ['<name>', 'the new name: NAME[:TAG]'],
    ],
    needsRoot: false,
    failure: 1,
    run: async (_, [image, name]) => (await import('./image/tag.ts')).tag(image as string, name as string),
  },
  {
    name: 'image rm',
    description: 'remove names, and images that have no other',
    positionals: [['<image...>', 'names or ids']],
    needsRoot: false,
    failure: 1,
    options: (command) =>
      command
        .option('-f, --force', 'also images with several names, or of kept containers')
        .option('--no-prune', 'changes nothing: images have no parents here'),
    run: async (flags, images) => (await import('./image/rm.ts')).rm(flags, images),
  },
  {
    name: 'image prune',
    description: 'remove images without a name, and what killed commands left in the store',
    positionals: [],
    needsRoot: false,
    failure: 1,
    options: (command) =>
      command
        .option('-a, --all', 'also those with a name that no container uses')
        .option('--filter <filter>', 'only those that until= or label= leaves', each(asFilter))
        .option('-f, --force', "don't ask"),
    run: async (flags) => (await import('./image/prune.ts')).prune(flags),
  },
  {
    name: 'image load',
    description: 'load images from an archive, of docker save or an OCI layout, or from a directory with one',
    positionals: [],
    needsRoot: true,
    failure: 1,
    options: (command) =>
      command
        .option('-i, --input <file>', 'an archive, or a directory (default: standard input)')
        .option('--platform <platform>', "which of several, os/architecture[/variant] (default: this machine's)")
        .option('-q, --quiet', "don't show the progress"),
    run: async (flags) => (await import('./image/load.ts')).load(flags),
  },
  {
    name: 'image save',
    description: 'save images to an archive that is an OCI layout and that docker load reads',
    positionals: [['<image...>', 'names or ids; a name without a tag means all of its tags']],
    needsRoot: false,
    failure: 1,
    options: (command) =>
      command
        .option('-o, --output <file>', 'where to (default: standard output)')
        .option('--platform <platform>', 'only if it is for this one, os/architecture[/variant]')
        .option('--format <format>', 'archive, or oci-dir: a directory that is an OCI layout', 'archive'),
    run: async (flags, images) => (await import('./image/save.ts')).save(flags, images),
  },
  {
    name: 'image import',
    description: "make an image from a root filesystem's tar archive",
    positionals: [
      ['<file>', 'the archive, or - for standard input'],
      ['[name]', 'its name: NAME[:TAG]'],
    ],
    needsRoot: true,
    failure: 1,
    options: (command) =>
      command
        .option('-c, --change <line>', 'a line of a Dockerfile for its config: CMD, ENV, …', each(String))
        .option('-m, --message <text>', 'what its history says')
        .option('--platform <platform>', "os/architecture[/variant] (default: this machine's)"),
    run: async (flags, [file, name]) => (await import('./image/import.ts')).importImage(flags, file as string, name),
  },
];
