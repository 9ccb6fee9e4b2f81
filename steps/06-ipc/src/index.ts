import type { Step } from 'step-05';
import * as previous from 'step-05';
import { type Options, options, read } from './options.ts';
import { plan } from './plan.ts';

export * from 'step-05';
export { type Flags, type Options, options, read } from './options.ts';
export { plan } from './plan.ts';

/** Step 06 as its command runs it. */
export const step: Step<Options> = {
  ...previous.step,
  name: 'step-06',
  title: 'Interprocess communication, and joining a container',
  options,
  read,
  plan,
  prepare: async (options, say) => ({ ...options, ...(await previous.step.prepare(options, say)) }),
};
