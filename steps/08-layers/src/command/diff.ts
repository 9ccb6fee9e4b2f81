import { put, type Subcommand } from 'step-07';
import type { Look } from './container.ts';

/** `diff`: what a container has added, changed and deleted. */
export const diffCommand = (look?: Look): Subcommand => ({
  name: 'diff',
  description: 'list the files that a container has added, changed and deleted (A, C, D)',
  positionals: [['<name>', 'the container']],
  needsRoot: true,
  failure: 1,
  async run(_, [name = '']) {
    const { findContainer } = await import('./container.ts');
    const { changes } = await import('../diff.ts');
    const { upper, lower, top } = await findContainer(name, look);
    for (const { kind, path } of changes(upper, lower, top))
      put(Buffer.concat([Buffer.from(`${kind} `), path, Buffer.from('\n')]));
    return 0;
  },
});
