import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Action, type Deed, journalNames, openJournal, state } from 'step-10';
import { forgetCopy, keepCopy, namesOfCopies, undoJournal } from '../journals.ts';

// What is to be undone when a container leaves a network that it was connected to while it ran: a journal for each. The shim
// keeps its lock, as that of the container's own.

/** Opens the journal of a container on a network. */
export function openConnection(id: string, network: string): ReturnType<typeof openJournal> {
  return openJournal(nameOf(id, network), directory());
}

function nameOf(id: string, network: string): string {
  return `${id}.${network}`;
}

/** What undoes actions: the last one's first. */
export function undoOf(actions: readonly Action[]): Deed[] {
  return actions.toReversed().flatMap(({ undo }) => undo);
}

/** Keeps a copy of such a journal with the container. */
export function keepConnection(id: string, network: string): void {
  keepCopy(id, nameOf(id, network), directory());
}

/** Forgets that a container is on a network, which it has left. */
export function forgetConnection(id: string, network: string): void {
  rmSync(join(directory(), nameOf(id, network)), { force: true });
  forgetCopy(id, nameOf(id, network));
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
  for (const name of new Set([...journalNames(directory()), ...(id === undefined ? [] : namesOfCopies(id))])) {
    const [its = ''] = name.split('.');
    if (name !== its && (id ?? its) === its) errors.push(...(await undoJournal(its, name, directory(), tries)));
  }
  return errors;
}

/** It begins with a dot, as no container's name does. */
function directory(): string {
  return join(state().journals, '.connections');
}
