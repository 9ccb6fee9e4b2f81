import { each, put, type Subcommand } from 'step-10';

/** `builder prune`, which scripts that make room call: nothing is built here, so there is no cache to remove. */
export const builderCommand: Subcommand = {
  name: 'builder prune',
  description: 'remove nothing: images are not built here, so there is no build cache',
  positionals: [],
  needsRoot: false,
  failure: 1,
  options: (command) =>
    command
      .option('-a, --all', 'all of it, not only what is dangling')
      .option('--filter <name=value>', 'only those', each(String))
      .option('-f, --force', 'without a question')
      .option('--keep-storage <bytes>', 'how much to keep'),
  run() {
    put('Total reclaimed space: 0B\n');
    return 0;
  },
};
