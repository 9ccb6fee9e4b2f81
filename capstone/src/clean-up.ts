import { carryOut, openJournal } from 'step-10';

/**
 * Undoes what the host did for a container that has ended. Does nothing while another process has the journal.
 *
 * @returns why some of it could not be undone; `prune` tries again
 */
export async function cleanUp(name: string): Promise<readonly Error[]> {
  const journal = openJournal(name);
  if (!journal) return [];
  const errors: Error[] = [];
  for (const deed of journal.left) await carryOut(deed).catch((error) => errors.push(error));
  if (errors.length === 0) journal.discard();
  else journal.close();
  return errors;
}
