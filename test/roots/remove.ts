import { existsSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { carryOut, findHierarchies, parents, prune, removeCgroup, state } from 'step-01';
import { removeCgroups } from '../rootless/cgroups.ts';
import 'step-10'; // knows every kind of deed that a journal may hold

/** Removes a root with all that is left in it: kills its containers, undoes what their runtimes can't undo any more. */
export async function removeRoot(root: string): Promise<void> {
  if (process.geteuid?.() === 0) await endContainers(root);
  rmSync(root, { recursive: true, force: true });
}

async function endContainers(root: string): Promise<void> {
  const user = statSync(join(root, 'home'), { throwIfNoEntry: false })?.uid; // of the project `rootless`
  if (user !== undefined) return removeCgroups(user);
  const own = state({ BOXSTEP_ROOT: root });
  const cgroups = parents(findHierarchies(undefined, undefined, own));
  const freezes = (cgroup: string) => existsSync(join(cgroup, 'freezer.state'));
  const found = cgroups.filter((path) => existsSync(path));
  // v1's freezer first: no process that it stops dies of a SIGKILL.
  for (const cgroup of found.toSorted((one, other) => Number(freezes(other)) - Number(freezes(one))))
    await carryOut(removeCgroup(cgroup));
  const { errors } = await prune(cgroups, own.journals);
  if (errors.length > 0) throw new AggregateError(errors, `${root} can't be removed: ${errors[0]?.message}`);
}
