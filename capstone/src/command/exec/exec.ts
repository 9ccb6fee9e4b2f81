import { PR_SET_PDEATHSIG, prctl } from 'shared-native';
import { execCommand, execPlan, extend, type Subcommand } from 'step-10';
import { bytesOfKeys, DETACH_KEYS } from '../../attach/detach-keys.ts';
import { attachLeavable } from './leave.ts';

interface Flags {
  readonly detachKeys?: string;
  readonly interactive?: boolean;
  readonly tty?: boolean;
  readonly detach?: boolean;
  readonly privileged?: boolean;
}

/** Runs a command in a container that runs. Whoever types to it can leave it. @returns the exit status */
export async function exec(before: Subcommand, flags: Flags, positionals: readonly string[]): Promise<number> {
  const keys = keysOf(flags.detachKeys);
  if (!flags.interactive || !flags.tty || flags.detach) return before.run(flags, positionals);
  // #region a command that can be left
  // It is to end with this process only as long as it is no program yet. Its terminal is kept open by what takes that over.
  const leavable = execCommand(
    (options) =>
      extend(execPlan(options, flags.privileged), 'boxstep', { first: { exec: [prctl(PR_SET_PDEATHSIG, 0)] } }),
    attachLeavable(keys),
  );
  // #endregion
  return leavable.run(flags, positionals);
}

/** @throws {Error} in docker's words, which are others than for `run` */
function keysOf(typed = DETACH_KEYS): readonly number[] {
  try {
    return bytesOfKeys(typed);
  } catch {
    throw new Error(`Invalid escape keys (${typed}) provided`);
  }
}
