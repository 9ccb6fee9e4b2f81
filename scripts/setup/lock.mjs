import { spawnSync } from 'node:child_process';
import { root } from './workspace.mjs';

/** What flock(1) exits with when another process has the lock. */
export const taken = 75;

/**
 * Words to put before a command so that it runs only while no other does in this clone. The lock is flock(2) on the
 * folder itself: nothing to leave behind, and it lasts as long as the command, even if this process is killed.
 * @returns {string[] | null} null if another has the lock; no words where there is no flock(1), or a file system
 * without locks
 */
export function lock() {
  const prefix = ['flock', '--nonblock', '--conflict-exit-code', String(taken), root];
  const { status } = spawnSync('flock', [...prefix.slice(1), 'true'], { stdio: 'ignore' });
  if (status === taken) return null;
  return status === 0 ? prefix : [];
}

/** Blocks until the lock is free. */
export function untilFree() {
  spawnSync('flock', ['--shared', root, 'true'], { stdio: 'ignore' });
}
