import { each, type Subcommand } from 'step-07';
import type { Look } from './container.ts';

/** `commit`: a new image of what a container has changed. What makes it is loaded when it's run: 100 modules. */
export const commitCommand = (look?: Look): Subcommand => ({
  name: 'commit',
  description: "make a new image from a container's changes",
  positionals: [
    ['<container>', 'one that runs, or was kept'],
    ['[image]', 'a name for the image'],
  ],
  needsRoot: true,
  failure: 1,
  options: (command) =>
    command
      .option('-a, --author <author>', 'who made it')
      .option('-c, --change <instruction>', 'a line of a Dockerfile that changes the config', each(String))
      .option('-m, --message <text>', 'what for')
      .option('-p, --pause', 'pause the container meanwhile (--pause=false: take its files as they change)', true),
  run: async (flags, [name = '', reference]) =>
    (await import('./commit/commit.ts')).commit(flags, name, reference, look),
});
