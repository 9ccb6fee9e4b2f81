import { Option } from 'commander';
import { type LimitFlags, limitOptions, limitsOf, type Subcommand } from 'step-10';
import { restartPolicy } from './restart-policy.ts';

interface Flags extends LimitFlags {
  readonly restart?: string;
  readonly kernelMemory?: string;
}

/** `update`: other limits, or another restart policy, for containers that are there. */
export const updateCommand: Subcommand = {
  name: 'update',
  description: 'change the limits and the restart policy of containers',
  positionals: [['<container...>', 'their names or ids']],
  needsRoot: true,
  failure: 1,
  options: (command) =>
    limitOptions(command)
      .option('--restart <policy>', 'when they are started again: no, on-failure[:N], always, unless-stopped')
      .addOption(new Option('--kernel-memory <bytes>', 'the kernel has given it up, and docker reads on').hideHelp()),
  async run({ restart, kernelMemory, ...flags }: Flags, names) {
    if (restart === undefined && kernelMemory === undefined && Object.keys(flags).length === 0)
      throw new Error('you must provide one or more flags when using this command');
    const changes = { limits: limitsOf(flags), ...(restart && { restart: restartPolicy(restart) }) };
    const [{ forEachNamed }, { update }, { find }] = await Promise.all([
      import('./for-each.ts'),
      import('../update.ts'),
      import('../containers/find.ts'),
    ]);
    return forEachNamed(names, (called) => update(find(called).id, changes));
  },
};
