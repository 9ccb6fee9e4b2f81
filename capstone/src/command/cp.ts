import type { Subcommand } from 'step-10';

/** `cp`: files from a container to the host, or the other way. */
export const cpCommand: Subcommand = {
  name: 'cp',
  description: 'copy files between a container and the host',
  positionals: [
    ['<source>', 'CONTAINER:PATH, or a path of the host’s, or - for a tar archive from standard input'],
    ['<target>', 'a path of the host’s, or - for a tar archive to standard output, or CONTAINER:PATH'],
  ],
  needsRoot: true,
  failure: 1,
  options: (command) =>
    command
      .option('-a, --archive', 'copies belong to whom the files belong')
      .option('-L, --follow-link', 'copy what a link leads to, if the source is one')
      .option('-q, --quiet', 'don’t say how much was copied'),
  run: async (flags, [source = '', target = '']) => (await import('./cp/cp.ts')).copyAsAsked(flags, source, target),
};
