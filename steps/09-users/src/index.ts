import type { Step } from 'step-08';
import * as previous from 'step-08';
import { type Options, options, read } from './options.ts';
import { plan } from './plan.ts';

export * from 'step-08';
export { type Flags, type Options, options, read } from './options.ts';
export { plan } from './plan.ts';

/** Step 09 as its command runs it. */
export const step: Step<Options> = {
  ...previous.step,
  name: 'step-09',
  title: 'root inside, nobody outside: the user namespace',
  options,
  read,
  plan,
  prepare: async (options, say) => ({ ...options, ...(await previous.step.prepare(options, say)) }),
};
