import { perform, pidfdOpen, tolerate, whenReadable } from 'shared-native';
import { undoAll } from 'step-10';
import { runHooks } from '../hooks.ts';
import { type Container, forget, stateOf } from '../state/container.ts';
import { killAll } from './signal.ts';

/** Ends what is left of a container, undoes what the host did for it, and forgets it. */
export async function remove(one: Container): Promise<void> {
  if (one.pid > 0) {
    killAll(one, 'SIGKILL');
    await gone(one.pid);
  }
  const errors = await undoAll(one.undo);
  if (errors.length > 0) throw new AggregateError(errors, errors.map(({ message }) => message).join('; '));
  await runHooks(one.config, 'poststop', stateOf(one, 'stopped')).catch((error) =>
    process.stderr.write(`${error.message}\n`),
  );
  forget(one);
}

/** Settles when a process has ended. */
function gone(pid: number): Promise<void> {
  const pidfd = perform(tolerate(pidfdOpen(pid), 'ESRCH'));
  return pidfd < 0 ? Promise.resolve() : new Promise((resolve) => void whenReadable(pidfd, resolve));
}
