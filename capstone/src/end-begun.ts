import { setTimeout as sleep } from 'node:timers/promises';
import { SIGKILL } from 'shared-native';
import type { Begun, BoxRecord } from './containers/record.ts';
import { watches } from './containers/state.ts';
import { gone, signal } from './gone.ts';
import { sayLeft, TRIES, undo } from './undo.ts';

/**
 * Ends a container that has just begun, of which that can't be written down: or it would run, and count as one that couldn't be
 * started. Under its lock, so what its shim becomes waits, and finds nothing left to do.
 */
export async function endBegun(record: BoxRecord & { readonly run: Begun }): Promise<void> {
  const { process, shim } = record.run;
  if (process && signal(process, SIGKILL)) await gone(process);
  while (shim && watches(shim)) await sleep(1); // it has the journal
  sayLeft(await undo(record, TRIES));
}
