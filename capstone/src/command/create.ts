import { put, type Subcommand } from 'step-10';
import { type CreateFlags, createFlags } from './run-flags.ts';

/** `create`: a container that doesn't run yet. Prints its id. */
export const createCommand: Subcommand = {
  name: 'create',
  description: 'make a new container without starting it',
  positionals: [
    ['<image>', 'an image, a directory, or an archive of either'],
    ['[command...]', 'what to run in it (default: what the image says)'],
  ],
  needsRoot: true,
  failure: 1,
  options: createFlags,
  async run(flags: CreateFlags, positionals) {
    const { createAsAsked } = await import('./create/create.ts');
    put(`${(await createAsAsked(flags, positionals)).id}\n`);
    return 0;
  },
};
