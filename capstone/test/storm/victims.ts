import { isStill } from 'step-10';
import { processesWith } from '../../../test/processes.ts';
import { list } from '../../src/containers/find.ts';
import type { Any } from './seeded.ts';

/** What SIGKILL can hit: the command itself, or what it has left running. */
export type Kind = 'starter' | 'shim' | 'first' | 'clean-up' | 'health' | 'several';

/** A shim, a container's first process, what a shim has become, or what checks a container's health: those there are just now. */
export function victims(kind: Kind, names: readonly string[]): number[] {
  if (kind === 'clean-up') return processesWith('clean-up/main.ts').map(({ pid }) => pid);
  if (kind === 'health') return processesWith('health/main.ts').map(({ pid }) => pid);
  return list().records.flatMap(({ name, run }) => {
    if (run.status !== 'begun' || !names.includes(name)) return [];
    const one = kind === 'shim' ? run.shim : run.process;
    return one && isStill(one) ? [one.pid] : [];
  });
}

/** Kills some of them. @returns how many were there */
export function kill(pids: readonly number[]): number {
  return pids.filter((pid) => {
    try {
      return process.kill(pid, 'SIGKILL');
    } catch {
      return false; // it has ended
    }
  }).length;
}

/** The ones that `several` hits at once: a shim with its container, two shims, a shim and what another one has become. */
export function several(any: Any, names: readonly string[]): number[] {
  const all = (['shim', 'first', 'clean-up'] as const).flatMap((kind) => victims(kind, names));
  return all.length === 0 ? [] : [...new Set([any(all), any(all), any(all)])];
}
