import { constants } from 'node:os';
import { undoAll } from 'step-10';
import { gone } from '../../gone.ts';
import { runHooks } from '../hooks.ts';
import { type Container, forget, stateOf } from '../state/container.ts';
import { signalAll } from './signal.ts';

/** Ends what is left of a container, undoes what the host did for it, and forgets it. */
export async function remove(one: Container): Promise<void> {
  if (one.pid > 0) {
    signalAll(one, constants.signals.SIGKILL);
    await gone(one);
  }
  const errors = await undoAll(one.undo);
  if (errors.length > 0) throw new AggregateError(errors, errors.map(({ message }) => message).join('; '));
  await runHooks(one.config, 'poststop', stateOf(one, 'stopped')).catch((error) =>
    process.stderr.write(`${error.message}\n`),
  );
  forget(one);
}
