import { readFileSync, writeFileSync } from 'node:fs';
import type { Call } from './call.ts';

const FILE = '/proc/self/oom_score_adj';

let children = 0;
let kept: string | undefined;

/** This process's own oom_score_adj, whatever a child has made of it that shares its memory for now. */
export function oomScoreAdj(): number {
  return Number(kept ?? read() ?? 0);
}

/** Does a call open a process's own oom_score_adj? */
export function opensOomScore({ name, args: { pathname } }: Call): boolean {
  return name === 'openat' && pathname?.kind === 'string' && pathname.value.endsWith('self/oom_score_adj');
}

/**
 * To be called before a child starts that sets its oom_score_adj. The kernel gives the same one to all processes that share
 * their memory, this one included, and leaves it when they part.
 *
 * @returns to be called when the child has memory of its own: the last child's gives this process its score back
 */
export function keepOomScore(): () => void {
  if (children++ === 0) kept = read();
  return () => {
    if (--children > 0) return;
    if (kept !== undefined) writeFileSync(FILE, kept);
    kept = undefined;
  };
}

/** Undefined where there is no /proc. */
function read(): string | undefined {
  try {
    return readFileSync(FILE, 'utf8');
  } catch {
    return undefined;
  }
}
