import type { Subcommand } from 'step-10';
import { eventsCommand } from './events.ts';
import { containerInspectCommand, inspectCommand } from './inspect.ts';
import { psCommand } from './ps.ts';
import { statsCommand } from './stats.ts';
import { aboutAll } from './system.ts';
import { topCommand } from './top.ts';

/** Those that look at containers. */
export const lookingCommands: readonly Subcommand[] = [psCommand, topCommand, statsCommand];

/** Those that look at everything, or have two names. */
export const systemCommands: readonly Subcommand[] = [
  inspectCommand,
  containerInspectCommand,
  ...aboutAll,
  eventsCommand,
  { ...eventsCommand, name: 'system events' },
];
