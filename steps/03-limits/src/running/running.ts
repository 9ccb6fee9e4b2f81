import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cgroupPath, type Hierarchy, isNone, journalNames, openJournal, say } from 'step-02';

/** The containers that run: each has a journal that its runtime keeps locked, and a cgroup, where there is one to be had. */
export function running(hierarchies: readonly Hierarchy[]): string[] {
  const isThere = (name: string) => hierarchies.some(isNone) || cgroupsOf(name, hierarchies).length > 0;
  return journalNames().filter((name) => isLocked(name) && isThere(name));
}

/** The hierarchies in which a container has a cgroup. */
export function cgroupsOf(name: string, hierarchies: readonly Hierarchy[]): Hierarchy[] {
  return hierarchies.filter((hierarchy) => existsSync(cgroupPath(hierarchy, name)));
}

/**
 * Does something to each container of a command line, and says what can't be done.
 *
 * @returns 1 if any wasn't there or it failed, as docker does
 */
export async function forEach(
  names: readonly string[],
  hierarchies: readonly Hierarchy[],
  act: (name: string) => Promise<void> | void,
): Promise<number> {
  const there = running(hierarchies);
  let status = 0;
  for (const name of names) {
    try {
      if (!there.includes(name)) throw new Error(`No such container: ${name}`);
      await act(name);
    } catch (error) {
      say((error as Error).message);
      status = 1;
    }
  }
  return status;
}

/** What a file of a cgroup says; undefined if it isn't there (any more). */
export function told(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENODEV') return undefined;
    throw error;
  }
}

/** Moves all processes of a container from one of its cgroups into another. */
export function moveAll(name: string, from: Hierarchy, to: Hierarchy): void {
  const procs = join(cgroupPath(to, name), 'cgroup.procs');
  // A process may fork while it is moved: then once more, until all that are there have been.
  for (const moved = new Set<string>(); ; ) {
    const left = (told(join(cgroupPath(from, name), 'cgroup.procs')) ?? '').split('\n').filter(Boolean);
    const fresh = left.filter((pid) => !moved.has(pid));
    if (fresh.length === 0) return;
    for (const pid of fresh) {
      moved.add(pid);
      enter(procs, pid);
    }
  }
}

function enter(procs: string, pid: string): void {
  try {
    writeFileSync(procs, pid, { flag: 'r+' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // it has just ended
  }
}

function isLocked(name: string): boolean {
  const journal = openJournal(name);
  if (journal && journal.left.length === 0) journal.discard();
  else journal?.close();
  return journal === undefined;
}
