import type { Subcommand } from 'step-10';

/** `inspect`: all that is known of containers, images, networks and volumes. */
export const inspectCommand: Subcommand = {
  name: 'inspect',
  description: 'show everything about containers, images, networks or volumes, as JSON',
  positionals: [['<name...>', 'names or ids']],
  needsRoot: true,
  failure: 1,
  options: (command) =>
    command
      .option('-f, --format <template>', 'json, or a text such as "{{.State.Status}}"')
      .option('-s, --size', 'count how large the files of containers are')
      .option('--type <type>', 'container, image, network or volume (default: the first that is called so)'),
  run: async (flags, names) => (await import('./inspect/inspect.ts')).inspect(flags, names),
};

/** `container inspect`, which knows of containers alone. */
export const containerInspectCommand: Subcommand = {
  ...inspectCommand,
  name: 'container inspect',
  description: 'show all that is known of containers, as JSON',
  options: (command) =>
    command
      .option('-f, --format <template>', 'json, or a text such as "{{.State.Status}}"')
      .option('-s, --size', 'count how large their files are'),
  run: async (flags, names) =>
    (await import('./inspect/inspect.ts')).inspect({ ...flags, type: 'container', only: true }, names),
};
