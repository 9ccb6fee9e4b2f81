import { constants } from 'node:os';
import { signalNumber } from 'shared-native';
import { explainer, forwardSignals, say } from 'step-10';
import { cleanUpAfter } from '../../clean-up/clean-up.ts';
import { NoSuchContainer } from '../../containers/find.ts';
import type { BoxRecord } from '../../containers/record.ts';
import { follow } from '../../follow.ts';
import { gone, signal } from '../../gone.ts';
import { processOf } from '../../kill.ts';
import { NotStarted, start } from '../../start.ts';
import { ended } from '../../wait.ts';

interface Flags {
  readonly explain?: boolean;
  readonly sigProxy: boolean;
}

/** Starts a container that goes on by itself. @returns the exit status */
export async function runDetached(record: BoxRecord, { explain }: Flags): Promise<number> {
  try {
    await start(record.id, explain ? { narrator: explainer(() => {}) } : {});
    return 0;
  } catch (error) {
    if (!(error instanceof NotStarted)) throw error;
    say(error.message);
    return error.exitCode;
  }
}

/** Runs a container to its end, connected with the caller. @returns its exit status */
export async function runAttached(record: BoxRecord, flags: Flags): Promise<number> {
  const { id, stopSignal = constants.signals.SIGTERM } = record;
  const signals = flags.sigProxy ? forwardSignals({ stopTimeout: Infinity, stopSignal, sigProxy: true }) : undefined;
  try {
    const { record: begun } = await start(id);
    const first = processOf(begun);
    if (first) signals?.to({ pid: first.pid, kill: (name) => signal(first, numberOf(name)) });
    const end = ended(begun);
    await follow(id, end);
    const status = await end;
    if (record.autoRemove) await removed(begun);
    return status;
  } catch (error) {
    if (!(error instanceof NotStarted)) throw error;
    say(error.message);
    return error.exitCode;
  } finally {
    signals?.end();
  }
}

/** Waits until its shim, which has become what cleans up, has removed it: then its name is free. */
async function removed({ id, run }: BoxRecord): Promise<void> {
  if (run.status !== 'begun') return;
  if (run.shim) await gone(run.shim);
  await cleanUpAfter(id).catch((error) => {
    if (!(error instanceof NoSuchContainer)) throw error;
  });
}

function numberOf(name: NodeJS.Signals | number): number {
  return typeof name === 'number' ? name : signalNumber(name);
}
