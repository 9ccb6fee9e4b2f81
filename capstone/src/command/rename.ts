import type { Subcommand } from 'step-10';

/** `rename`: another name for a container. */
export const renameCommand: Subcommand = {
  name: 'rename',
  description: 'give a container another name',
  positionals: [
    ['<container>', 'its name or id'],
    ['<name>', 'its new name'],
  ],
  needsRoot: true,
  failure: 1,
  async run(_, [called = '', name = '']) {
    const { find } = await import('../containers/find.ts');
    const { rename } = await import('../rename.ts');
    if (name === '') throw new Error('Neither old nor new names may be empty');
    await rename(find(called).id, name);
    return 0;
  },
};
