import { isatty } from 'shared-native';
import * as previous from 'step-03';
import { defaultRootfsPath, type Showing, type Step } from 'step-03';
import { attachTerminal } from './attach/attach.ts';
import { NoTerminal } from './attach/no-terminal.ts';
import { type Options, options, read } from './options.ts';
import { plan } from './plan.ts';

export * from 'step-03';
export * from './attach/attach.ts';
export * from './attach/no-terminal.ts';
export * from './attach/raw-mode.ts';
export * from './attach/window-size.ts';
export * from './env.ts';
export * from './env-file.ts';
export * from './identity.ts';
export { each, type Flags, type Options, options, read } from './options.ts';
export * from './pipes.ts';
export { plainStdio, plan } from './plan.ts';
export * from './terminal.ts';
export * from './user.ts';
export * from './user-files.ts';
export * from './workdir.ts';

/** Step 04 as its command runs it. */
export const step: Step<Options> = {
  ...previous.step,
  name: 'step-04',
  title: 'environment, user, terminal',
  options,
  read,
  plan,
  prepare: async (options, say) => ({ ...options, ...(await previous.step.prepare(options, say)) }),
  streams({ tty, interactive }) {
    if (tty && interactive && !isatty(0)) throw new NoTerminal();
    return tty ? [] : interactive ? [0, 1, 2] : [1, 2];
  },
  attach({ taken: [master] }, { interactive }, gone) {
    return master === undefined ? undefined : attachTerminal(master, interactive, gone);
  },
  shell: ['run', '-it'],
  demo: () => [
    previous.step.demo()[0] as Showing,
    {
      says: "The environment is the container's own, and what you name; yours stays outside:",
      run: ['-e', 'GREETING=hello', defaultRootfsPath(), 'env'],
    },
    {
      says: 'A user of the container, with the groups and the home that its own files say, and none of root’s capabilities:',
      run: [
        ...['-u', 'nobody', '--group-add', 'tty', '-w', '/tmp', defaultRootfsPath()],
        ...['sh', '-c', 'id; echo "at home in $HOME, at work in $PWD"; grep CapEff /proc/self/status'],
      ],
    },
    {
      says: 'A terminal of its own: the first of its /dev/pts, and the one that its processes belong to:',
      run: ['-t', defaultRootfsPath(), 'sh', '-c', 'tty; ls -l /dev/console; echo "this is it" >/dev/tty'],
    },
  ],
};
