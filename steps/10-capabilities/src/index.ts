import type { Step } from 'step-09';
import * as previous from 'step-09';
import { type Options, options, read } from './options.ts';
import { plan } from './plan.ts';

export * from 'step-09';
export { type Flags, type Options, options, read } from './options.ts';
export { plan } from './plan.ts';

/** Step 10 as its command runs it. */
export const step: Step<Options> = {
  ...previous.step,
  name: 'step-10',
  title: 'what root can’t do: capabilities, seccomp, devices',
  options,
  read,
  plan,
  prepare: async (options, say) => ({ ...options, ...(await previous.step.prepare(options, say)) }),
};
