import type { Subcommand } from 'step-10';

/** `prune`: what killed commands left. It is the steps' own, and knows of containers that are kept. */
export const pruneCommand: Subcommand = {
  name: 'prune',
  description: 'remove what killed commands have left behind; no container is removed',
  positionals: [],
  needsRoot: true,
  failure: 1,
  run: async () => (await import('./prune/leftovers.ts')).pruneLeftovers(),
};
