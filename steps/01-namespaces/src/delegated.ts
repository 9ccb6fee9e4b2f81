import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Action } from './engine/action.ts';
import type { Hierarchy } from './hierarchy.ts';

/** Of a hierarchy that stands for none: an ordinary user was given no cgroup to limit processes in (step 9). */
const NOWHERE = '/nonexistent';

/** Is this no hierarchy? A container is in no cgroup of its own there, and has no limit. */
export function isNone({ mount }: Hierarchy): boolean {
  return mount === NOWHERE;
}

/** Is this something that would be done there? */
export function isNowhere({ do: deeds }: Action): boolean {
  return deeds.some((deed) => 'path' in deed && deed.path.startsWith(`${NOWHERE}/`));
}

/**
 * What an ordinary user has of each hierarchy: the topmost cgroup above their own processes that is theirs. It was given to
 * them by systemd, or by scripts/delegate-cgroups.sh. Where that isn't so, they have nothing of it.
 *
 * @param cgroups - what /proc/self/cgroup says (cgroups(7))
 * @param isOurs - may this process make cgroups in this one, and move processes there?
 */
export function delegated(
  hierarchies: readonly Hierarchy[],
  name: string,
  cgroups = readFileSync('/proc/self/cgroup', 'utf8'),
  isOurs = isWritable,
): Hierarchy[] {
  const ours = hierarchies.flatMap((hierarchy) => {
    const own = cgroupIn(hierarchy, cgroups);
    const top = own === undefined ? undefined : topmost(hierarchy.mount, join(hierarchy.mount, own), isOurs);
    if (top === undefined) return [];
    const controllers = hierarchy.version === 2 ? controllersAt(top) : hierarchy.controllers;
    return [{ ...hierarchy, mount: top, parent: join(top, name), controllers, mountedAt: hierarchy.mount }];
  });
  if (ours.some(({ controllers }) => controllers.includes('pids'))) return ours;
  return [...ours, { version: 2, mount: NOWHERE, parent: join(NOWHERE, name), controllers: [], readOnly: true }];
}

/**
 * The path of a process's cgroup in a hierarchy, such as `/boxstep/web`; undefined if it has none.
 *
 * @param cgroups - what /proc/PID/cgroup says: `4:memory:/boxstep/web`, and `0::/boxstep/web` for v2 (cgroups(7))
 */
export function cgroupIn({ version, controllers }: Hierarchy, cgroups: string): string | undefined {
  if (version === 1 && controllers.length === 0) return undefined; // it is listed by its name, and limits nothing
  const key = version === 2 ? '' : controllers.join();
  const line = cgroups.split('\n').find((one) => one.split(':')[1] === key);
  return line?.split(':').slice(2).join(':');
}

/** The command that gives an ordinary user cgroups, on a machine with systemd and on one without. */
export function howToDelegate(hasSystemd = existsSync('/run/systemd/system')): string {
  return hasSystemd
    ? 'systemd-run --user --scope -p Delegate=yes $SHELL'
    : 'sudo sh scripts/delegate-cgroups.sh --to $$';
}

function topmost(mount: string, cgroup: string, isOurs: typeof isWritable): string | undefined {
  if (!isOurs(cgroup)) return undefined;
  return cgroup === mount ? cgroup : (topmost(mount, dirname(cgroup), isOurs) ?? cgroup);
}

function isWritable(cgroup: string): boolean {
  try {
    accessSync(cgroup, constants.W_OK);
    accessSync(join(cgroup, 'cgroup.procs'), constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function controllersAt(cgroup: string): string[] {
  const file = join(cgroup, 'cgroup.controllers');
  return existsSync(file) ? readFileSync(file, 'utf8').split(/\s+/).filter(Boolean) : [];
}
