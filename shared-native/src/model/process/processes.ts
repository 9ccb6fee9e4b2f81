import { CAP_KILL, SIGCONT } from '../../kernel/constants.ts';
import { fail, ModelError } from '../errors.ts';
import type { OtherProcess, Process, State } from '../state.ts';
import { capable } from './capabilities.ts';
import { NSIG, receive } from './signals.ts';

/** The process that a number means; 0 is the one that asks. @throws ESRCH */
export function processOf(state: State, pid: number): Process | OtherProcess {
  const { process } = state;
  if (pid === 0 || pid === process.pid) return process;
  return visible(state).find(({ hostPid }) => hostPid === pid) ?? fail('ESRCH');
}

/** The processes that a signal is meant for: kill(2). @throws ESRCH if there are none. */
export function targets(state: State, pid: number): readonly (Process | OtherProcess)[] {
  const { process } = state;
  if (pid > 0) return [processOf(state, pid)];
  const group = pid === 0 ? process.pgid : -pid;
  if (group === 0)
    throw new ModelError('the process group is outside this PID namespace, and so are most of its processes');
  const others = visible(state).filter(({ hostPid, pgid }) => (pid === -1 ? hostPid > 1 : pgid === group));
  const all = pid !== -1 && process.pgid === group ? [process, ...others] : others;
  return all.length > 0 ? all : fail('ESRCH');
}

/**
 * Sends a signal to processes; it is enough if one of them may be sent it. Signal 0 only asks.
 *
 * @throws EINVAL if there is no such signal; EPERM
 */
export function send(state: State, all: readonly (Process | OtherProcess)[], signal: number): number {
  if (signal < 0 || signal > NSIG) fail('EINVAL');
  const allowed = all.filter((target) => maySignal(state, target, signal));
  if (allowed.length === 0) fail('EPERM');
  if (signal === 0) return 0;
  for (const target of allowed) {
    if ('received' in target) target.received.push(signal);
    else receive(state, signal);
  }
  return 0;
}

/** May the process send a signal to another? Its user must be that one's, or it needs CAP_KILL there. */
function maySignal(state: State, target: Process | OtherProcess, signal: number): boolean {
  const { process } = state;
  if (target === process || (signal === SIGCONT && target.sid === process.sid)) return true;
  const same = target.uid === process.uid || target.uid === process.euid;
  return same || capable(state, target.namespaces.user, CAP_KILL);
}

/** The other processes that this one's PID namespace has numbers for: the model knows the first one's numbers only. */
function visible({ process, others }: State): readonly OtherProcess[] {
  return process.namespaces.pid.parent === null ? others : [];
}
