import { fail, ModelError } from '../errors.ts';
import type { Filesystem, State } from '../state.ts';

const NOT_CONTROLLERS = ['none', 'name', 'xattr', 'noprefix', 'clone_children', 'ro', 'rw', 'release_agent'];

/** The filesystem of a hierarchy: there is one for all who mount it. @throws ENODEV */
export function mountedHierarchy(
  state: State,
  version: 1 | 2,
  options: ReadonlyMap<string, string | null>,
): Filesystem {
  const name = options.get('name') ?? undefined;
  const wanted = [...options.keys()].filter((key) => !NOT_CONTROLLERS.includes(key)).sort();
  const isMeant = ({ hierarchy }: Filesystem) =>
    hierarchy?.version === version &&
    (version === 2 || (hierarchy.name === name && [...hierarchy.controllers].sort().join() === wanted.join()));
  const found = [...state.filesystems.values()].find(isMeant);
  if (found) return found;
  if (version === 2) return fail('ENODEV');
  throw new ModelError(`there is no cgroup hierarchy with ${wanted.join(',')}, and making one isn't modelled`);
}
