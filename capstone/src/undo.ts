import { type Deed, freezeContainer, say, state, undoAll } from 'step-10';
import { leftInParent } from './cgroups/in-parent.ts';
import { freeLastPages } from './cgroups/last-pages.ts';
import { hierarchiesOf } from './cgroups/parent.ts';
import { isPaused } from './containers/paused.ts';
import type { BoxRecord } from './containers/record.ts';
import { undoJournal } from './journals.ts';
import { undoConnections } from './network/journals.ts';

/** Looks, where its shim has written the status, and is about to let go of the journal. */
export const TRIES = 50;

/**
 * Undoes what the host did for a container that has ended. Does nothing while another process has the journal.
 *
 * @param tries - how often it looks again, 2 ms apart: its shim may be just letting go
 * @returns why some of it could not be undone; `prune` tries again
 */
export function undo(
  { id, cgroupParent }: Pick<BoxRecord, 'id' | 'cgroupParent'>,
  tries = 0,
): Promise<readonly Error[]> {
  return undoJournal(id, id, state().journals, tries, async (its: readonly Deed[]) => {
    // Even SIGKILL waits for what stands still.
    if (isPaused(id, cgroupParent)) await freezeContainer(id, false, hierarchiesOf({ cgroupParent })).catch(() => {});
    const left = cgroupParent ? leftInParent(id, hierarchiesOf({ cgroupParent })) : [];
    const all = [...its, ...left];
    for (const one of all) if (one.deed === 'remove-cgroup') freeLastPages(one.path);
    return [...(await undoConnections(id, TRIES)), ...(await undoAll(all))];
  });
}

const said = new Set<string>();

/** Says what could not be undone: once, though a command may try it more often. */
export function sayLeft(errors: readonly Error[]): void {
  for (const { message } of errors) {
    if (!said.has(message)) say(`left behind, until "prune" can remove it: ${message}`);
    said.add(message);
  }
}
