import { fail, ModelError } from './errors.ts';
import type { Filesystem, State } from './state.ts';

/** The filesystem of a hierarchy: there is one for all who mount it. @throws EINVAL, EBUSY */
export function mountedHierarchy(
  state: State,
  version: 1 | 2,
  options: ReadonlyMap<string, string | null>,
): Filesystem {
  const name = options.get('name') ?? undefined;
  const wanted = [...options.keys()].filter(
    (key) => !['none', 'name', 'xattr', 'noprefix', 'clone_children', 'ro', 'rw'].includes(key),
  );
  const isMeant = ({ hierarchy }: Filesystem) =>
    hierarchy?.version === version &&
    (version === 2 || (hierarchy.name === name && [...hierarchy.controllers].sort().join() === wanted.sort().join()));
  const found = [...state.filesystems.values()].find(isMeant);
  if (found) return found;
  if (version === 2) return fail('ENODEV');
  throw new ModelError(
    `there is no cgroup hierarchy with ${[...options.keys()].join(',')}, and making one isn't modelled`,
  );
}
