import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { processStat } from './process-stat.ts';

/** Milliseconds between two looks at whether a container that is frozen in part has begun to end. */
const LOOK = 500;

// #region even SIGKILL waits
/**
 * Lets all processes go on that v1's freezer holds in a cgroup, or in one below it: a container can make some there, and
 * freeze them. Even SIGKILL waits for such a process. (v2's freezer lets it through.)
 */
export function thaw(cgroup: string): void {
  const state = join(cgroup, 'freezer.state');
  if (!existsSync(state)) return;
  unlessGone(() => writeFileSync(state, 'THAWED', { flag: 'r+' }));
  unlessGone(() => {
    for (const entry of readdirSync(cgroup, { withFileTypes: true }))
      if (entry.isDirectory()) thaw(join(cgroup, entry.name));
  });
}

/**
 * Thaws a container whose first process has ended by itself: the kernel kills the others then, and waits for those that
 * are frozen for ever. It tells nobody, so this looks from time to time.
 *
 * @returns what ends it
 */
export function thawWhenEnding(pid: number, cgroups: readonly string[]): () => void {
  const frozen = cgroups.filter((cgroup) => existsSync(join(cgroup, 'freezer.state')));
  if (frozen.length === 0) return () => {};
  const timer = setInterval(() => (processStat(pid)?.ending ?? false) && frozen.forEach(thaw), LOOK);
  return () => clearInterval(timer);
}
// #endregion

/** Looks at a cgroup that may be gone (ENODEV: gone while its file was open). */
function unlessGone(look: () => void): void {
  try {
    look();
  } catch (error) {
    if (!['ENOENT', 'ENODEV'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}
