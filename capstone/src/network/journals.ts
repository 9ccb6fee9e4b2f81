import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Action, type Deed, journalNames, openJournal, state, undoAll } from 'step-10';

// What is to be undone when a container leaves a network that it was connected to while it ran: a journal for each. The shim
// keeps its lock, as that of the container's own.

/** Opens the journal of a container on a network. */
export function openConnection(id: string, network: string): ReturnType<typeof openJournal> {
  return openJournal(nameOf(id, network), directory());
}

/** The file that it is. */
export function connectionPath(id: string, network: string): string {
  return join(directory(), nameOf(id, network));
}

function nameOf(id: string, network: string): string {
  return `${id}.${network}`;
}

/** What undoes actions: the last one's first. */
export function undoOf(actions: readonly Action[]): Deed[] {
  return actions.toReversed().flatMap(({ undo }) => undo);
}

/**
 * Takes a container that has ended from the networks that it was connected to while it ran. Those of all that have ended, if none
 * is given.
 *
 * @param tries - how often it looks again, 2 ms apart: its shim may be just letting go
 * @returns why some of it could not be undone
 */
export async function undoConnections(id?: string, tries = 0): Promise<Error[]> {
  const errors: Error[] = [];
  for (const name of journalNames(directory()))
    if (id === undefined || name.startsWith(`${id}.`)) errors.push(...(await undoConnection(name, tries)));
  return errors;
}

async function undoConnection(name: string, tries: number): Promise<Error[]> {
  const journal = openJournal(name, directory());
  if (journal) {
    const errors = await undoAll(journal.left);
    if (errors.length === 0) journal.discard();
    else journal.close();
    return errors;
  }
  if (tries === 0) return [];
  await sleep(2);
  return undoConnection(name, tries - 1);
}

/** It begins with a dot, as no container's name does. */
function directory(): string {
  return join(state().journals, '.connections');
}
