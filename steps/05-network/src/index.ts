import type { Step } from 'step-04';
import * as previous from 'step-04';
import { networkCommands } from './command/network.ts';
import { type Options, options, read } from './options.ts';
import { plan } from './plan.ts';
import { prepare } from './prepare.ts';

export * from 'step-04';
export { csvFields } from './flags/csv.ts';
export * from './format/listing.ts';
export { fill } from './format/template.ts';
export * from './network.ts';
export { type Flags, type Options, options, read } from './options.ts';
export { plan } from './plan.ts';
export * from './publish.ts';
export * from './publishing/displayable-ports.ts';

/** Step 05 as its command runs it. */
export const step: Step<Options> = {
  ...previous.step,
  name: 'step-05',
  title: 'A network of its own: interfaces, addresses, the way out, ports',
  options,
  read,
  plan,
  commands: [...previous.step.commands, ...networkCommands],
  prepare: async (wanted, say) => prepare({ ...wanted, ...(await previous.step.prepare(wanted, say)) }, say),
};
