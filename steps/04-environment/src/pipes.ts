import { readlinkSync } from 'node:fs';

import { AT_EMPTY_PATH, type Call, fchownat, isatty, tolerate } from 'shared-native';

/** Those of standard input, output and error that are pipes, without a name that others know, or will be for a terminal. */
export function pipes(): number[] {
  const isPipe = (descriptor: number) => readlinkSync(`/proc/self/fd/${descriptor}`).startsWith('pipe:');
  return [0, 1, 2].filter((descriptor) => isatty(descriptor) || isPipe(descriptor));
}

// #region pipes of one's own
/**
 * Gives a user the pipes that are standard input, output or error. They belong to the user who made them, and `echo >
 * /dev/stdout`, which opens one anew, would be refused to anybody else. runc does so too, even with files and terminals
 * (fixStdioPermissions); those would keep their new owner when the container is gone, so here they are left alone.
 * In a user namespace that doesn't know their owner it can't be done (EPERM, EINVAL), and then they are as they were.
 */
export function own(pipes: readonly number[], uid: number): Call[] {
  if (uid === 0) return []; // root may open what belongs to others
  return pipes.map((pipe) => tolerate(fchownat(pipe, '', uid, -1, AT_EMPTY_PATH), 'any'));
}
// #endregion
