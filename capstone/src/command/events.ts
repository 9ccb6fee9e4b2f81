import { asFilter, each, type Subcommand } from 'step-10';

/** `events`: what has happened to containers, images, networks and volumes, and what happens. */
export const eventsCommand: Subcommand = {
  name: 'events',
  description: 'show what happens to containers, images, networks and volumes, as it happens',
  positionals: [],
  needsRoot: true,
  failure: 1,
  options: (command) =>
    command
      .option(
        '-f, --filter <name=value>',
        'only those: container, event, image, label, network, type, volume',
        each(asFilter),
      )
      .option('--format <template>', 'json, or a template for each')
      .option('--since <time>', 'also what has happened since a time, or for so long: 10m')
      .option('--until <time>', 'until a time, or for so long before now'),
  run: async (flags) => (await import('./events/events.ts')).showEvents(flags),
};
