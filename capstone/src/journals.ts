import { copyFileSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { containerPath, type Deed, deedsIn, openJournal, toldIn, undoAll, whenToldNowhere } from 'step-10';
import { namesIn } from './if-there.ts';

// A journal says how to undo what the host did for a container. It is in /run, which is gone when the machine starts anew, and
// so is what it says. But somebody may clean /run while the container goes on: so a container keeps copies with its record.

/** Keeps a copy of a journal, for the case that it's gone when it is needed. Without one, the container runs all the same. */
export function keepCopy(id: string, name: string, directory: string): void {
  try {
    mkdirSync(copiesOf(id), { recursive: true, mode: 0o700 });
    copyFileSync(join(directory, name), join(copiesOf(id), name));
  } catch {}
}

/** What a container has copies of. */
export function namesOfCopies(id: string): string[] {
  return namesIn(copiesOf(id));
}

/** Forgets a copy. */
export function forgetCopy(id: string, name: string): void {
  rmSync(join(copiesOf(id), name), { force: true });
}

/**
 * Undoes what a journal says as soon as nobody has it any more, and forgets it if all of that could be undone.
 *
 * @param tries - how often it looks again, 2 ms apart: the container's shim may be just letting go
 * @returns why some of it could not be undone; nothing while another process has the journal
 */
export async function undoJournal(
  id: string,
  name: string,
  directory: string,
  tries: number,
  undo: (left: readonly Deed[]) => Promise<Error[]> = undoAll,
): Promise<Error[]> {
  try {
    for (let left = tries; ; left--) {
      const journal = openJournal(name, directory);
      if (journal) {
        const errors = await undo(journal.left.length > 0 ? journal.left : copied(id, name));
        if (errors.length > 0) journal.close();
        else {
          journal.discard();
          forgetCopy(id, name);
        }
        return errors;
      }
      if (left <= 0) return [];
      await sleep(2);
    }
  } catch (error) {
    const others = await undo(copied(id, name)).catch((another: Error) => [another]);
    return [error as Error, ...others]; // it can't be opened
  }
}

function copied(id: string, name: string): Deed[] {
  try {
    return deedsIn(readFileSync(join(copiesOf(id), name), 'utf8'));
  } catch {
    return []; // it is undone, or was never begun
  }
}

function copiesOf(id: string): string {
  return join(containerPath(id), 'journals');
}

// Whoever looks for a container that runs finds it by the copy, too.
whenToldNowhere((name) => toldIn(name, copiesOf(name)));
