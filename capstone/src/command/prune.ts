import type { Subcommand } from 'step-10';

/** `container prune`: removes the containers that don't run. */
export const containerPruneCommand: Subcommand = {
  name: 'container prune',
  description: 'remove all containers that don’t run',
  positionals: [],
  needsRoot: true,
  failure: 1,
  options: (command) => command.option('-f, --force', "don't ask"),
  run: async ({ force = false }) => (await import('./prune/containers.ts')).pruneContainers(force),
};

/** `prune`: what killed commands left. It is the steps' own, and knows of containers that are kept. */
export const pruneCommand: Subcommand = {
  name: 'prune',
  description: 'remove what commands left that were killed; no container is removed',
  positionals: [],
  needsRoot: true,
  failure: 1,
  run: async () => (await import('./prune/leftovers.ts')).pruneLeftovers(),
};
