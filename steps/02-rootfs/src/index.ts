import type { Step } from 'step-01';
import * as previous from 'step-01';
import { unpack } from './archive.ts';
import { type Options, options, read } from './options.ts';
import { plan } from './plan.ts';

export * from './archive.ts';
export * from './dev.ts';
export * from './mount-point.ts';
export * from './options.ts';
export * from './plan.ts';
export * from './rootfs-path.ts';

/** Step 02 as its command runs it. */
export const step: Step<Options> = {
  ...previous.step,
  name: 'step-02',
  title: 'any directory as root',
  positionals: [
    ['[rootfs]', 'a directory, or a tar archive of one (default: one made of this machine’s programs)'],
    ['[command...]', 'what to run in it (default: sh)'],
  ],
  options,
  read,
  plan,
  async prepare(options, say) {
    await previous.step.prepare(options, say);
    if (options.archive !== undefined) await unpack(options.archive, options.rootfs, say);
  },
  commands: [],
  demo: [],
};
