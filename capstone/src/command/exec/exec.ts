import { PR_SET_PDEATHSIG, prctl } from 'shared-native';
import { execCommand, execPlan, extend } from 'step-10';
import { bytesOfKeys, DETACH_KEYS } from '../../attach/detach-keys.ts';
import { find } from '../../containers/find.ts';
import { attachLeavable } from './leave.ts';
import { listenerFor } from './listener.ts';

interface Flags {
  readonly detachKeys?: string;
  readonly interactive?: boolean;
  readonly tty?: boolean;
  readonly detach?: boolean;
  readonly privileged?: boolean;
}

/** Runs a command in a container that runs. Whoever types to it can leave it. @returns the exit status */
export async function exec(flags: Flags, positionals: readonly string[]): Promise<number> {
  const keys = keysOf(flags.detachKeys);
  const [id = ''] = positionals;
  const listener = listenerFor(find(id));
  if (!flags.interactive || !flags.tty || flags.detach)
    return execCommand((options) => execPlan(options, flags.privileged), undefined, listener).run(flags, positionals);
  // #region a command that can be left
  // It is to end with this process only as long as it is no program yet. Its terminal is kept open by what takes that over.
  const leavable = execCommand(
    (options) =>
      extend(execPlan(options, flags.privileged), 'boxstep', { first: { exec: [prctl(PR_SET_PDEATHSIG, 0)] } }),
    attachLeavable(keys),
    listener,
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
