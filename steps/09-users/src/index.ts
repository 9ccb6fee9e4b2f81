import type { Step } from 'step-08';
import * as previous from 'step-08';
import { type Options, options, read } from './options.ts';
import { plan } from './plan.ts';
import { prepare } from './prepare.ts';

export * from 'step-08';
export * from './bound.ts';
export * from './idmapped.ts';
export * from './maps.ts';
export { type Flags, type Options, options, read } from './options.ts';
export { plan } from './plan.ts';
export { nthRange, type Range } from './ranges/range.ts';
export * from './user-namespace.ts';
export * from './writing.ts';

/** Step 09 as its command runs it. */
export const step: Step<Options> = {
  ...previous.step,
  name: 'step-09',
  title: 'root inside, nobody outside: the user namespace',
  options,
  read,
  plan,
  prepare: async (wanted, say) => prepare({ ...wanted, ...(await previous.step.prepare(wanted, say)) }),
};
