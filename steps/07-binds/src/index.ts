import type { Step } from 'step-06';
import * as previous from 'step-06';
import { type Options, options, read } from './options.ts';
import { plan } from './plan.ts';

export * from 'step-06';
export { type Flags, type Options, options, read } from './options.ts';
export { plan } from './plan.ts';

/** Step 07 as its command runs it. */
export const step: Step<Options> = {
  ...previous.step,
  name: 'step-07',
  title: 'Bind mounts, volumes, tmpfs',
  options,
  read,
  plan,
  prepare: async (options, say) => ({ ...options, ...(await previous.step.prepare(options, say)) }),
};
