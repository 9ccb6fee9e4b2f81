import type { Subcommand } from 'step-10';

/** `push`: an image to a registry. */
export const pushCommand: Subcommand = {
  name: 'push',
  description: 'upload an image to the registry in its name',
  positionals: [['<image>', 'NAME or NAME:TAG']],
  needsRoot: false,
  failure: 1,
  options: (command) =>
    command
      .option('-a, --all-tags', 'all tags that the repository has here')
      .option('-q, --quiet', 'print the name alone'),
  run: async (flags, [name = '']) => (await import('./push/push.ts')).pushAsAsked(flags, name),
};
