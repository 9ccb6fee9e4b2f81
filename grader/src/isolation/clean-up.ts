import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { undoContainers } from './container.ts';

/**
 * Ends the workers of a run that was cut short: one that waits for a student's code hears no gentler signal. Their
 * containers die with them; what is left of those, a cgroup say, is undone here.
 */
export async function cleanUp(): Promise<void> {
  for (const pid of children()) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {} // it has ended just now
  }
  for (let tries = 0; children().length > 0 && tries < 100; tries++) await sleep(20);
  if (process.geteuid?.() === 0) await undoContainers();
}

/** The processes that this one has started (proc_pid_task(5)): vitest's workers. */
function children(): number[] {
  try {
    const list = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim();
    return list === '' ? [] : list.split(' ').map(Number);
  } catch {
    return []; // a kernel without CONFIG_PROC_CHILDREN
  }
}
