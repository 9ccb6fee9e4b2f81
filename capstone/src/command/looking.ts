import type { Subcommand } from 'step-10';
import { containerInspectCommand, inspectCommand } from './inspect.ts';
import { psCommand } from './ps.ts';

/** Those that look at containers. */
export const lookingCommands: readonly Subcommand[] = [psCommand];

/** Those that look at everything, or have two names. */
export const systemCommands: readonly Subcommand[] = [
  inspectCommand,
  containerInspectCommand,
  { ...psCommand, name: 'container ls' },
  { ...psCommand, name: 'container list' },
];
