import type { Step } from 'step-07';
import * as previous from 'step-07';
import { type Options, options, read } from './options.ts';
import { plan } from './plan.ts';

export * from 'step-07';
export { type Flags, type Options, options, read } from './options.ts';
export { plan } from './plan.ts';
export * from './reference.ts';
export { findImage } from './store/find.ts';
export type * from './store/image.ts';
export { useImage } from './store/use.ts';

/** Step 08 as its command runs it. */
export const step: Step<Options> = {
  ...previous.step,
  name: 'step-08',
  title: 'Images as layers: OverlayFS',
  options,
  read,
  plan,
  prepare: async (options, say) => ({ ...options, ...(await previous.step.prepare(options, say)) }),
};
