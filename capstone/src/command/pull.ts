import type { Subcommand } from 'step-10';

/** `pull`: an image from a registry. */
export const pullCommand: Subcommand = {
  name: 'pull',
  description: 'download an image from a registry',
  positionals: [['<image>', 'NAME, NAME:TAG or NAME@DIGEST']],
  needsRoot: true,
  failure: 1,
  options: (command) =>
    command
      .option('-a, --all-tags', 'all tags of the repository')
      .option('--platform <platform>', "which of several, os/architecture[/variant] (default: this machine's)")
      .option('-q, --quiet', 'print the name alone'),
  run: async (flags, [name = '']) => (await import('./pull/pull.ts')).pullAsAsked(flags, name),
};
