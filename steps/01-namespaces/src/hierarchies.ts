import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { delegated, howToDelegate, isNone } from './delegated.ts';
import { isUsers, state } from './engine/state.ts';
import type { Hierarchy } from './hierarchy.ts';

export type { Hierarchy } from './hierarchy.ts';

/**
 * The hierarchies of this machine, v2 first; of an ordinary user in step 9, what is theirs of them.
 *
 * @param mountinfo - what /proc/self/mountinfo holds (proc_pid_mountinfo(5))
 * @param controllersOf - what cgroup.controllers holds at a v2 mount (cgroups(7))
 * @param state - how the cgroup above the containers' is called
 */
export function findHierarchies(
  mountinfo = readFileSync('/proc/self/mountinfo', 'utf8'),
  controllersOf = readControllers,
  { name } = state(),
): Hierarchy[] {
  const found: Hierarchy[] = [];
  for (const line of mountinfo.split('\n')) {
    const [where = '', what = ''] = line.split(' - ');
    if (!what.startsWith('cgroup')) continue;
    const [, , , , escaped = '', mountOptions = ''] = where.split(' ');
    const [type, , options = ''] = what.split(' ');
    const mount = unescaped(escaped);
    const parent = join(mount, name);
    const readOnly = [...mountOptions.split(','), ...options.split(',')].includes('ro');
    if (type === 'cgroup2')
      found.push({ version: 2, mount, parent, controllers: words(controllersOf(mount)), readOnly });
    if (type === 'cgroup')
      found.push({ version: 1, mount, parent, controllers: options.split(',').filter(isController), readOnly });
  }
  const all = each(found).sort((one, other) => other.version - one.version);
  return isUsers() ? delegated(all, name) : all;
}

/** The path that mountinfo shows with octal escapes, such as `\040` for a space: proc_pid_mountinfo(5). */
export function unescaped(path: string): string {
  return path.replace(/\\(\d{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8)));
}

/**
 * Each hierarchy once: one that is mounted twice would be limited twice. A mount hides what was mounted at its place before.
 * Of several places, the first that shows controllers and may be written to is taken.
 */
function each(found: readonly Hierarchy[]): Hierarchy[] {
  const seen = new Map(found.map((one) => [one.mount, one]));
  const trees = Map.groupBy(seen.values(), ({ version, controllers }) => (version === 2 ? '2' : controllers.join()));
  const rank = ({ readOnly, controllers }: Hierarchy) => Number(controllers.length === 0) + Number(readOnly);
  return [...trees.values()].map((places) => places.sort((one, other) => rank(one) - rank(other))[0] as Hierarchy);
}

/**
 * The hierarchy that has a controller. Where both versions are mounted (a "hybrid" system), a controller is in one
 * of the two, and never in both.
 *
 * @throws {Error} if none has it: a limit that silently does nothing would be worse than none.
 */
export function hierarchyOf(controller: string, hierarchies: readonly Hierarchy[]): Hierarchy {
  const found = hierarchies.find(
    (one) => one.controllers.includes(controller) || (controller === 'pids' && isNone(one)),
  );
  if (found) return found;
  throw new Error(missing(controller, hierarchies));
}

/** The message for a controller that no hierarchy has. */
export function missing(controller: string, hierarchies: readonly Hierarchy[]): string {
  if (isUsers() || hierarchies.some(isNone))
    return `a cgroup with the "${controller}" controller that is yours, and an ordinary user has none here. Type: ${howToDelegate()}`;
  const seen = hierarchies.map(
    ({ version, mount, controllers }) => `v${version} at ${mount} has ${controllers.join(' ') || 'none'}`,
  );
  return seen.length === 0
    ? `no cgroup filesystem is mounted, and the "${controller}" controller is needed: mount -t cgroup2 none /sys/fs/cgroup`
    : `no cgroup hierarchy has the "${controller}" controller (${seen.join('; ')}): /proc/cgroups says whether the kernel has it, and "boxstep doctor" what to do`;
}

// A mount that another one hides has no such file, and nothing to offer.
function readControllers(mount: string): string {
  const path = join(mount, 'cgroup.controllers');
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

/** v1 lists a hierarchy's controllers among its mount options. */
function isController(option: string): boolean {
  return !/^(rw|ro|xattr|noprefix|clone_children|(name|release_agent)=.*)$/.test(option);
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}
