import { statSync } from 'node:fs';
import { delegated, howToDelegate, isNone } from '../../steps/01-namespaces/src/delegated.ts';
import { findHierarchies, type Hierarchy } from '../../steps/01-namespaces/src/hierarchies.ts';
import { type Check, ok, type Result, warning } from './check.ts';
import { asRoot, install, installed, isRoot, read } from './system.ts';

/** What an ordinary user's containers of step 9 have besides a user namespace. */
export const rootlessNeeds: Check[] = [
  { name: 'pasta', run: () => userNetwork(['pasta', 'slirp4netns'].find(installed), modeOf('/dev/net/tun')) },
  { name: 'delegation', run: () => delegation(isRoot ? undefined : own()) },
];

/** @param program - which one is installed. @param tun - the mode of /dev/net/tun; undefined if there is none */
export function userNetwork(program: string | undefined, tun: number | undefined): Result {
  const without = 'without root, step 9’s containers have no network but their own loopback';
  if (program === undefined) return warning('missing', without, install('passt'));
  if (tun === undefined) return warning(`${program}, but no /dev/net/tun`, without, asRoot('modprobe tun'));
  if ((tun & 0o006) === 0o006) return ok(`${program}, and anybody may open /dev/net/tun`);
  const closed = `${program}, but /dev/net/tun is closed to ordinary users (mode ${(tun & 0o777).toString(8)})`;
  return warning(closed, without, asRoot('chmod 666 /dev/net/tun'));
}

/** @param hierarchies - what an ordinary user has of each; undefined for root, who has all of them */
export function delegation(hierarchies: readonly Hierarchy[] | undefined): Result {
  if (hierarchies === undefined)
    return ok('root has every cgroup; run this as the user who is to have limits without root');
  const controllers = hierarchies.filter((one) => !isNone(one)).flatMap((one) => one.controllers);
  if (controllers.length > 0) return ok(`this user may limit ${controllers.join(' ')}`);
  return warning(
    'this user has no cgroup',
    'without root, step 9 can set no limits (--memory and the like are errors)',
    howToDelegate(),
  );
}

function own(): Hierarchy[] {
  return delegated(findHierarchies(), 'boxstep', `${read('/proc/self/cgroup') ?? ''}\n`);
}

function modeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mode;
}
