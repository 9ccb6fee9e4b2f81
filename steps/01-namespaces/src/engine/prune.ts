import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Deed, removeCgroup, rmdirIfEmpty } from './action.ts';
import { undoAll } from './deeds.ts';
import { journalNames, openJournal } from './journal.ts';
import { state } from './state.ts';

/** What prune did. */
export interface Pruned {
  /** The containers whose runtime had died, and of which nothing is left now. */
  readonly names: readonly string[];
  /** Why some of what they left is still there. */
  readonly errors: readonly Error[];
}

/**
 * Undoes what runtimes left behind that were killed before they could do it themselves. Containers that run are not
 * touched: their journals are locked.
 *
 * @param parents - the cgroups in which containers have theirs: one there that has no journal, and no process, was left
 *   behind, too
 * @param left - by name, what undoes what containers left that have no journal any more, because of a reboot
 */
export async function prune(
  parents: readonly string[],
  journals = state().journals,
  left: ReadonlyMap<string, readonly Deed[]> = new Map(),
): Promise<Pruned> {
  const names: string[] = [];
  const errors: Error[] = [];
  for (const name of new Set([...journalNames(journals), ...parents.flatMap(subdirectories), ...left.keys()])) {
    const journal = openJournal(name, journals);
    if (!journal) continue;
    const undo = [
      ...(journal.left.length > 0 ? journal.left : (left.get(name) ?? [])),
      ...parents
        .map((parent) => join(parent, name))
        .filter(isDeserted)
        .map(removeCgroup),
    ];
    const failed = await undoAll(undo);
    if (failed.length > 0) journal.close();
    else {
      journal.discard();
      if (undo.length > 0) names.push(name);
    }
    errors.push(...failed);
  }
  errors.push(...(await undoAll(parents.map(rmdirIfEmpty))));
  return { names, errors };
}

/** Is there such a cgroup, and no process in it or below? One with processes may be a container's that has lost its journal. */
function isDeserted(cgroup: string): boolean {
  if (!existsSync(cgroup)) return false;
  const own = readFileSync(join(cgroup, 'cgroup.procs'), 'utf8');
  return own === '' && subdirectories(cgroup).every((below) => isDeserted(join(cgroup, below)));
}

function subdirectories(directory: string): string[] {
  try {
    const entries = readdirSync(directory, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
