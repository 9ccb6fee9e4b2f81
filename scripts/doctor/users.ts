import { userInfo } from 'node:os';
import { type Check, ok, type Result, warning } from './check.ts';
import { subordinateIds } from './kernel-files.ts';
import { asRoot, install, installed, isRoot, read } from './system.ts';

export const userChecks: Check[] = [
  { name: 'root', run: () => root(isRoot) },
  { name: 'newuidmap', run: () => newuidmap() },
];

export function root(yes: boolean): Result {
  if (yes) return ok('yes');
  return warning(
    'no',
    'steps 1 to 8 need it to run a container; step 9 and every `plan` do without',
    'sudo ./boxstep 1',
  );
}

/** Step 9 maps many ids without root: two setuid programs and two files allow it. */
function newuidmap(): Result {
  if (!installed('newuidmap') || !installed('newgidmap')) {
    return warning('missing', 'step 9 without root has one user id, not 65536', install('uidmap', 'shadow-utils'));
  }
  const { SUDO_USER, SUDO_UID } = process.env;
  const { username, uid } = whoami();
  // Root has no need of them; the person who typed sudo will, later.
  const [name, id] = isRoot ? [SUDO_USER, SUDO_UID] : [username, String(uid)];
  if (!name || !id) return ok('installed; root itself has no need of it');
  return subordinates(name, id, read('/etc/subuid') ?? '', read('/etc/subgid') ?? '');
}

/** Whether a user has enough subordinate ids. */
export function subordinates(name: string, id: string, subuid: string, subgid: string): Result {
  const [uids, gids] = [subordinateIds(subuid, [name, id]), subordinateIds(subgid, [name, id])];
  if (Math.min(uids, gids) >= 65536) return ok(`installed; ${name} has ${uids} subordinate user ids`);
  return warning(
    `installed, but ${name} has ${uids} subordinate user ids and ${gids} group ids`,
    'step 9 without root wants 65536 of each, from /etc/subuid and /etc/subgid',
    asRoot(`usermod --add-subuids 100000-165535 --add-subgids 100000-165535 ${name}`),
  );
}

/** A uid without an entry in /etc/passwd has no name. */
function whoami(): { username: string; uid: number } {
  try {
    return userInfo();
  } catch {
    const uid = process.getuid?.() ?? -1;
    return { username: String(uid), uid };
  }
}
