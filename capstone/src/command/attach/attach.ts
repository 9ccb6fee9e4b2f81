import { constants } from 'node:os';
import { isatty } from 'shared-native';
import { forwardSignals } from 'step-10';
import { attach } from '../../attach/attach.ts';
import { bytesOfKeys } from '../../attach/detach-keys.ts';
import { tell } from '../../containers/event.ts';
import { find } from '../../containers/find.ts';
import { logPath } from '../../containers/place.ts';
import { stateOf } from '../../containers/state.ts';
import { processOf } from '../../kill.ts';
import { endOfLog } from '../../log/read.ts';
import { ended } from '../../wait.ts';
import { receiver } from '../run/run.ts';

interface Flags {
  readonly stdin: boolean;
  readonly detachKeys?: string;
  readonly sigProxy: boolean;
}

/**
 * Connects the caller with a container that runs, until it ends.
 *
 * @returns its exit status
 * @throws {Error} in docker's words, also when the keys that detach are typed: `run` and `start` take those for success
 */
export async function attachAsAsked({ stdin, detachKeys, sigProxy }: Flags, called: string): Promise<number> {
  const record = find(called);
  const { status } = stateOf(record);
  if (status === 'paused') throw new Error('cannot attach to a paused container, unpause it first');
  if (status === 'restarting') throw new Error('cannot attach to a restarting container, wait until it is running');
  const first = status === 'running' ? processOf(record) : undefined;
  if (!first) throw new Error('You cannot attach to a stopped container, start it first');
  if (detachKeys !== undefined) bytesOfKeys(detachKeys);
  if (stdin && record.options.tty && record.options.interactive && !isatty(0))
    throw new Error('the input device is not a TTY');
  const from = endOfLog(logPath(record.id));
  const end = ended(record);
  // As docker: on a terminal, Ctrl-C is a byte for the container, and a signal is for this command, which then restores it.
  const signals =
    sigProxy && !record.options.tty
      ? forwardSignals({ stopTimeout: Infinity, stopSignal: constants.signals.SIGTERM, sigProxy: true })
      : undefined;
  try {
    signals?.to(receiver(first));
    tell('attach', record);
    const how = await attach(record, { end, stdin, ...(from && { from }), ...(detachKeys && { detachKeys }) });
    if (how === 'detached') throw new Error('read escape sequence');
    return await end;
  } finally {
    signals?.end();
  }
}
