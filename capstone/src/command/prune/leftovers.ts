import { closeSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { flock, LOCK_EX, LOCK_NB, perform, tolerate } from 'shared-native';
import { findHierarchies, isAt, parents, prune, put, say, state, step } from 'step-10';
import { finish } from '../../clean-up/clean-up.ts';
import { idsOfContainers } from '../../containers/find.ts';
import { pruneNames } from '../../containers/names.ts';
import { placeOfMaking } from '../../create.ts';
import { namesIn, openIfThere } from '../../if-there.ts';
import { undoConnections } from '../../network/journals.ts';

/** Does what killed commands left to be done, and removes what they left half made. @returns 1 if some of it is still there */
export async function pruneLeftovers(): Promise<number> {
  const errors: Error[] = [];
  for (const id of idsOfContainers()) await finish(id).catch((error) => errors.push(error));
  errors.push(...(await undoConnections()));
  removeHalves();
  pruneNames();
  const { names, errors: others } = await prune(parents(findHierarchies()), state().journals, step.left?.());
  for (const name of names) put(`${name}\n`);
  for (const error of [...errors, ...others]) say(error.message);
  return errors.length + others.length > 0 ? 1 : 0;
}

/** Containers that were being made or removed by a command that was killed: nobody has a lock on them. */
function removeHalves(): void {
  const directory = dirname(placeOfMaking('any'));
  for (const name of namesIn(directory)) {
    const path = join(directory, name);
    const lock = openIfThere(path);
    if (lock === undefined) continue; // it is in its place by now, or gone
    const isFree = perform(tolerate(flock(lock, LOCK_EX | LOCK_NB), 'EAGAIN')) === 0;
    if (isFree && isAt(lock, path)) rmSync(path, { recursive: true, force: true });
    closeSync(lock);
  }
}
