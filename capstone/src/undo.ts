import { setTimeout as sleep } from 'node:timers/promises';
import { freezeContainer, openJournal, say, undoAll } from 'step-10';
import { leftInParent } from './cgroups/in-parent.ts';
import { hierarchiesOf } from './cgroups/parent.ts';
import { isFrozen } from './containers/frozen.ts';
import type { BoxRecord } from './containers/record.ts';
import { undoConnections } from './network/journals.ts';

/** Looks, where its shim has written the status, and is about to let go of the journal. */
export const TRIES = 50;

/**
 * Undoes what the host did for a container that has ended. Does nothing while another process has the journal.
 *
 * @param tries - how often it looks again, 2 ms apart: its shim may be just letting go
 * @returns why some of it could not be undone; `prune` tries again
 */
export async function undo(
  { id, cgroupParent }: Pick<BoxRecord, 'id' | 'cgroupParent'>,
  tries = 0,
): Promise<readonly Error[]> {
  let journal: ReturnType<typeof openJournal>;
  try {
    journal = openJournal(id);
  } catch (error) {
    return [error as Error];
  }
  if (journal) {
    // Even SIGKILL waits for what stands still.
    if (isFrozen(id, cgroupParent)) await freezeContainer(id, false, hierarchiesOf({ cgroupParent })).catch(() => {});
    const left = cgroupParent ? leftInParent(id, hierarchiesOf({ cgroupParent })) : [];
    const errors = [...(await undoConnections(id, TRIES)), ...(await undoAll([...journal.left, ...left]))];
    if (errors.length === 0) journal.discard();
    else journal.close();
    return errors;
  }
  if (tries === 0) return [];
  await sleep(2);
  return undo({ id, ...(cgroupParent && { cgroupParent }) }, tries - 1);
}

/** Says what could not be undone. */
export function sayLeft(errors: readonly Error[]): void {
  for (const { message } of errors) say(`left behind, until "prune" can remove it: ${message}`);
}
