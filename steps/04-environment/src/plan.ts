import { AT_FDCWD, type Call, dup3, execvp, fchdir, O_CLOEXEC, O_RDONLY, openat } from 'shared-native';
import * as previous from 'step-03';
import { cleared, extend, type Plan, session, staysOpen } from 'step-03';
import { environment, searchPath } from './env.ts';
import { become, identity } from './identity.ts';
import type { Options } from './options.ts';
import { own } from './pipes.ts';
import { terminal } from './terminal.ts';
import { userFiles } from './user-files.ts';
import { mkdirs, resolveInside } from './workdir.ts';

// #region who, where, with what
/** Step 03's container as a user, in a directory, with its own environment and terminal. */
export function plan(options: Options): Plan {
  const user = identity(options.user, options.groupAdd, userFiles(options.rootfs));
  const env = environment({ ...options, tty: options.tty !== undefined, user });
  const tty = options.tty && terminal(options.tty, user.uid);
  const directory = mkdirs(resolveInside(options.rootfs, options.workdir));
  return extend(previous.plan(options), 'step-04', {
    replaces: ['exec'],
    takes: tty ? [tty.master] : [],
    inside: [...directory, ...(tty?.open ?? [])],
    leave: [...directory.slice(-1).map(fchdir), ...session(tty?.stdio ?? plainStdio(options.interactive))],
    privileges: [...own(options.pipes, user.uid), ...become(user)],
    exec: [...cleared(), ...execvp(options.command, env, searchPath(env))],
  });
}
// #endregion

/**
 * Standard output and error are the caller's, and so is standard input if you asked for that. It opens a file, so it comes before
 * the privileges are gone: the limits of step 3 may leave no descriptor to open.
 */
export function plainStdio(interactive: boolean): Call[] {
  const nothing = openat(AT_FDCWD, '/dev/null', O_RDONLY | O_CLOEXEC);
  return [...(interactive ? [staysOpen(0)] : [nothing, dup3(nothing, 0)]), staysOpen(1), staysOpen(2)];
}
