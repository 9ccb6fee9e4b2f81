import { asItsOwn, findContainer, whilePaused, wholeOf, writeOut } from 'step-10/files';
import { find } from '../../containers/find.ts';

/** Writes all files of a container's root, as it sees them, by the owners that they have in the container. */
export async function exportAsAsked({ output }: { readonly output?: string }, called: string): Promise<number> {
  const { id } = find(called);
  await whilePaused(id, async () => writeOut(wholeOf(await findContainer(id, asItsOwn)), output, 'export container'));
  return 0;
}
