import { put, type Subcommand } from 'step-07';
import { changes } from '../diff.ts';
import { findContainer } from './container.ts';

/** `diff`: what a container has added, changed and deleted. */
export const diffCommand: Subcommand = {
  name: 'diff',
  description: 'list what a container that runs, or was kept, has added, changed and deleted (A, C, D)',
  positionals: [['<name>', 'the container']],
  needsRoot: true,
  failure: 1,
  run(_, [name = '']) {
    const { upper, lower, top } = findContainer(name);
    for (const { kind, path } of changes(upper, lower, top))
      put(Buffer.concat([Buffer.from(`${kind} `), path, Buffer.from('\n')]));
    return 0;
  },
};
