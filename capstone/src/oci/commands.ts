import { checkpointCommand, restoreCommand } from './command/checkpoint.ts';
import { createCommand, runCommand } from './command/create.ts';
import { deleteCommand } from './command/delete.ts';
import { eventsCommand } from './command/events.ts';
import { execCommand } from './command/exec.ts';
import { featuresCommand } from './command/features.ts';
import { killCommand } from './command/kill.ts';
import { listCommand, stateCommand } from './command/list.ts';
import { pauseCommand, resumeCommand } from './command/pause.ts';
import { planCommand } from './command/plan.ts';
import { psCommand } from './command/ps.ts';
import { specCommand } from './command/spec.ts';
import { startCommand } from './command/start.ts';
import { updateCommand } from './command/update.ts';
import type { OciCommand } from './oci-command.ts';

/** All commands, by runc's names. */
export const COMMANDS: Readonly<Record<string, OciCommand>> = {
  checkpoint: checkpointCommand,
  create: createCommand,
  delete: deleteCommand,
  events: eventsCommand,
  exec: execCommand,
  features: featuresCommand,
  kill: killCommand,
  list: listCommand,
  pause: pauseCommand,
  plan: planCommand,
  ps: psCommand,
  restore: restoreCommand,
  resume: resumeCommand,
  run: runCommand,
  spec: specCommand,
  start: startCommand,
  state: stateCommand,
  update: updateCommand,
};
