import type { Subcommand } from 'step-10';

/** `export`: a container's root as a tar archive. */
export const exportCommand: Subcommand = {
  name: 'export',
  description: 'write a container’s files as a tar archive, without its mounts',
  positionals: [['<container>', 'its name or id']],
  needsRoot: true,
  failure: 1,
  options: (command) => command.option('-o, --output <file>', 'the file to write (default: standard output)'),
  run: async (flags, [called = '']) => (await import('./export/export.ts')).exportAsAsked(flags, called),
};
