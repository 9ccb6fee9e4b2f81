import { openSync, writeFileSync } from 'node:fs';
import { CLONE_NEWUSER, clone, exitGroup, PR_SET_DUMPABLE, perform, prctl } from 'shared-native';
import { type Maps, mapText } from './maps.ts';

/**
 * A user namespace with these maps, as a descriptor (close-on-exec): what an ID-mapped mount is told its maps by. A process
 * is born into it, which ends as soon as it is open. The namespace lasts as long as the descriptor, or a mount that has it.
 *
 * @throws {Error} if the maps can't be written
 */
export async function userNamespaceOf({ uids, gids }: Maps): Promise<number> {
  perform(prctl(PR_SET_DUMPABLE, 1)); // a container that was started before may have taken that away, and with it the files of /proc
  const child = clone([exitGroup(0)], CLONE_NEWUSER);
  try {
    writeFileSync(`/proc/${child.pid}/uid_map`, mapText(uids));
    writeFileSync(`/proc/${child.pid}/gid_map`, mapText(gids));
    return openSync(`/proc/${child.pid}/ns/user`, 'r');
  } finally {
    child.proceed();
    await child.exited;
  }
}
