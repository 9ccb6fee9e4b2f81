import { type Ended, exitStatus } from 'step-05';

/** It couldn't be started, for a reason that docker finds before it calls runc. */
export const NOT_STARTED = 1;

/** For all other reasons that runc finds. */
export const UNKNOWN = 128;

const STATUSES: Readonly<Record<string, number>> = { ENOENT: 127, ENOTDIR: 127, EACCES: 126 };

/** The exit status of exec, as docker has it since version 28: also where another call than execve failed. */
export function execStatus(ended: Ended, detach: boolean): number {
  const { failure } = ended;
  if (failure && detach) return NOT_STARTED;
  if (!failure || failure.call.name === 'execve') return exitStatus(ended);
  return STATUSES[failure.code] ?? UNKNOWN;
}
