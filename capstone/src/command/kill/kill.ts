import { constants } from 'node:os';
import { SIGKILL } from 'shared-native';
import { tell } from '../../containers/event.ts';
import { find } from '../../containers/find.ts';
import { kill, processOf } from '../../kill.ts';
import { markStopped } from '../../stop.ts';

/**
 * Sends a signal to the container that is called so. One that ends it isn't started again by its restart policy.
 *
 * @throws {Error} in docker's words if it doesn't run
 */
export async function killNamed(called: string, number: number): Promise<void> {
  const record = orSayWhich(called, () => find(called));
  const { id, stopSignal = constants.signals.SIGTERM } = record;
  if (processOf(record) && (number === SIGKILL || number === stopSignal)) await markStopped(id);
  if (!(await kill(record, number)))
    throw new Error(`cannot kill container: ${called}: container ${id} is not running`);
  tell('kill', record, { signal: String(number) });
}

/** Names the container that can't be killed, or stopped. @throws {Error} */
export function orSayWhich<T>(called: string, look: () => T, doing = 'kill'): T {
  try {
    return look();
  } catch (error) {
    throw new Error(`cannot ${doing} container: ${called}: ${(error as Error).message}`, { cause: error });
  }
}
