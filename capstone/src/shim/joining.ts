import { type Call, forks, NEW_NAMESPACES } from 'shared-native';

/** A container's program as its shim starts it, where it joins others. */
export interface Split {
  /** What a process between does: it enters the namespaces of others. */
  readonly between: readonly Call[];
  /** What the container's process does. */
  readonly own: readonly Call[];
  /** The CLONE_NEW* flags of the clone that led from the one to the other. */
  readonly namespaces: number;
}

/**
 * Takes a program apart that goes on in a child (`goOnInChild`): here it is the shim's child that goes on.
 *
 * @param joins - the stage of the plan by which it joins others; around it stand calls of whoever starts it
 */
export function split(calls: readonly Call[], joins: readonly Call[]): Split {
  if (!forks(calls)) return { between: [], own: calls, namespaces: 0 };
  const fork = calls.findIndex(({ name }) => name === 'clone');
  const [clone, reap] = calls.slice(fork);
  const between = calls.slice(0, fork).filter((call) => joins.includes(call));
  const own = calls.filter((call) => !between.includes(call) && call !== clone && call !== reap);
  const flags = clone?.args.flags;
  return { between, own, namespaces: flags?.kind === 'integer' ? Number(flags.value) & NEW_NAMESPACES : 0 };
}
