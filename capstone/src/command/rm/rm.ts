import { put, say } from 'step-10';
import { idOf, NoSuchContainer } from '../../containers/find.ts';
import { type Removing, remove } from '../../remove.ts';

/** Removes the containers of a command line. By force, one that isn't there is no failure. */
export async function rm({ force = false, volumes = false }: Removing, names: readonly string[]): Promise<number> {
  let status = 0;
  for (const called of names) {
    try {
      await remove(idOf(called), { force, volumes });
      put(`${called}\n`);
    } catch (error) {
      say((error as Error).message);
      if (!force || !(error instanceof NoSuchContainer)) status = 1;
    }
  }
  return status;
}
