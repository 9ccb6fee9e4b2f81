import { join } from 'node:path';
import type { Hierarchy } from 'step-02';
import { told } from './running.ts';

/** Do a cgroup's processes stand still, or have they been told to? Not in one that is gone, or has no freezer. */
export function isFrozen(cgroup: string, { version }: Pick<Hierarchy, 'version'>): boolean {
  const state = told(join(cgroup, version === 2 ? 'cgroup.freeze' : 'freezer.state'));
  return state !== undefined && ['1', 'FROZEN', 'FREEZING'].includes(state);
}

/** Does all of a cgroup of version 2 stand still, also if one that it is in was told to? */
export function standsStill(cgroup: string): boolean {
  return /^frozen 1$/m.test(told(join(cgroup, 'cgroup.events')) ?? '');
}
