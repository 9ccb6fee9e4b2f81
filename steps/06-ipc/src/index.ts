import type { Step } from 'step-05';
import * as previous from 'step-05';
import { execCommand } from './exec/command.ts';
import { type Options, options, read } from './options.ts';
import { plan } from './plan.ts';

export * from 'step-05';
export * from './exec/cgroups.ts';
export * from './exec/command.ts';
export * from './exec/namespaces.ts';
export { type ExecFlags, type ExecOptions, execFlags, execOptions } from './exec/options.ts';
export { execPlan, wayIn } from './exec/plan.ts';
export * from './ipc.ts';
export * from './modes.ts';
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
  commands: [...previous.step.commands, execCommand()],
  prepare: async (options, say) => ({ ...options, ...(await previous.step.prepare(options, say)) }),
};
