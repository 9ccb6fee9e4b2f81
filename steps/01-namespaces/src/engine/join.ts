import { pidfdOpen, setns } from 'shared-native';
import { cloneFlags, type Namespace } from './namespaces.ts';
import type { Addition } from './plan.ts';
import type { Running } from './running.ts';

// #region joining as data
/** What makes a container share namespaces of a running one: for `extend`, spread into what else a step adds. */
export function joining(
  { name, pid, started }: Running,
  namespaces: readonly Namespace[],
): Pick<Addition, 'joins' | 'without' | 'join'> {
  const target = pidfdOpen(pid);
  return {
    joins: [{ name, pid, started, namespaces }],
    without: { namespaces },
    join: [target, setns(target, cloneFlags(namespaces))],
  };
}
// #endregion
