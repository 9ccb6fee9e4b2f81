import { duration } from 'step-10';
import type { State } from '../containers/state.ts';
import type { Health } from '../health/state.ts';

/** A container's state as the column STATUS has it: `Up 3 seconds`, `Exited (137) 4 hours ago`. @param now - milliseconds */
export function statusText(state: State, health: Health | undefined, now = Date.now()): string {
  const since = (time: number) => duration((now - time) / 1000);
  const { status, exitCode, startedAt, finishedAt } = state;
  if (status === 'created') return 'Created';
  if (status === 'restarting') return `Restarting (${exitCode}) ${since(finishedAt)} ago`;
  if (status === 'exited') return `Exited (${exitCode}) ${since(finishedAt)} ago`;
  if (status === 'paused') return `Up ${since(startedAt)} (Paused)`;
  if (!health) return `Up ${since(startedAt)}`;
  return `Up ${since(startedAt)} (${health.status === 'starting' ? 'health: starting' : health.status})`;
}
