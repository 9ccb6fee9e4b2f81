import { parents } from '../cgroup.ts';
import { prune } from '../engine/prune.ts';
import { state } from '../engine/state.ts';
import { findHierarchies } from '../hierarchies.ts';
import { put, say } from './say.ts';
import type { Step } from './step.ts';

/** Removes what killed runtimes left, and says what. @returns 1 if some of it is still there. */
export async function pruneCommand(step: Step): Promise<number> {
  const { names, errors } = await prune(parents(findHierarchies()), state().journals, step.left?.());
  for (const name of names) put(`${name}\n`);
  for (const error of errors) say(error.message);
  return errors.length > 0 ? 1 : 0;
}
