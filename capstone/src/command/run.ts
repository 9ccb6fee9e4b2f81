import { Misuse, put, type Subcommand } from 'step-10';
import { type CreateFlags, createFlags } from './run-flags.ts';

type RunFlags = CreateFlags & {
  readonly detach?: boolean;
  readonly sigProxy: boolean;
  readonly detachKeys?: string;
  readonly explain?: boolean;
};

/** `run`: `create`, `start`, and unless it is detached, `attach` and `wait`. */
export const runCommand: Subcommand = {
  name: 'run',
  description: 'make a new container and run a command in it',
  positionals: [
    ['<image>', 'an image, a directory, or an archive of either'],
    ['[command...]', 'what to run in it (default: what the image says)'],
  ],
  needsRoot: true,
  options: (command) =>
    createFlags(command)
      .option('-d, --detach', 'let it run on by itself, and print its id')
      .option('--explain', 'print each call as it is made, its result, and what it does')
      .option('--detach-keys <keys>', 'the keys that end this, and not the container (default: ctrl-p,ctrl-q)')
      .option('--sig-proxy', 'pass signals on', true),
  async run(flags: RunFlags, positionals) {
    const { createAsAsked } = await import('./create/create.ts');
    const { orStatus } = await import('../run-status.ts');
    const { refuseKeys, refuseNoTerminal, runAttached, runDetached } = await import('./run/run.ts');
    const { attach, detach = false, interactive, tty, detachKeys } = flags;
    if (detach && attach) throw new Misuse('conflicting options: cannot specify both --attach and --detach', 1);
    if (!detach && tty && (interactive || attach?.includes('stdin'))) refuseNoTerminal();
    if (detachKeys !== undefined && !detach) refuseKeys(detachKeys);
    const record = await orStatus(() => createAsAsked({ ...flags, detach }, positionals));
    if (attach?.every((stream) => stream === 'stdin')) put(`${record.id}\n`);
    if (!detach) return runAttached(record, flags);
    try {
      return await runDetached(record, flags);
    } finally {
      put(`${record.id}\n`); // as docker: also of one that couldn't be started, and is there
    }
  },
};
