import { put, say } from 'step-10';
import { idOf, NoSuchContainer } from '../../containers/find.ts';
import { unlink } from '../../links/unlink.ts';
import { type Removing, remove } from '../../remove.ts';

/** Removes the containers of a command line, or with --link the links of these names. By force, one that isn't there is no failure. */
export async function rm(
  { force = false, volumes = false, link = false }: Removing & { readonly link?: boolean },
  names: readonly string[],
): Promise<number> {
  let status = 0;
  for (const called of names) {
    try {
      if (link) await unlink(called);
      else await remove(idOf(called), { force, volumes });
      put(`${called}\n`);
    } catch (error) {
      say((error as Error).message);
      if (!force || !(error instanceof NoSuchContainer)) status = 1;
    }
  }
  return status;
}
