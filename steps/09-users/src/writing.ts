import { type Call, PR_SET_PDEATHSIG, prctl, SIGKILL, setgroups, setresgid, setresuid } from 'shared-native';
import { type Action, PID, write } from 'step-08';
import { type Maps, mapText } from './maps.ts';

// #region who is who
/**
 * Says which ids of the new user namespace are which of the host's. It is done from outside, while the first process waits:
 * a process may map itself no more than the one id that it has.
 */
export function writeMaps({ uids, gids }: Maps): Action {
  return {
    what: 'which ids of the container are which of the host',
    when: 'adopt',
    do: [write(mapText(uids), `/proc/${PID}/uid_map`), write(mapText(gids), `/proc/${PID}/gid_map`)],
    undo: [], // they go with the namespace
  };
}
// #endregion

// #region root inside
/**
 * Becomes root of the user namespace that it is in. Until then its ids are those that it came with: the host's root, which
 * in here is nobody. Its capabilities it has from the first moment. A change of ids makes the kernel forget the death signal.
 */
export function becomeRoot(): Call[] {
  // #region task 3: root inside
  return [setgroups([]), setresgid(0, 0, 0), setresuid(0, 0, 0), prctl(PR_SET_PDEATHSIG, SIGKILL)];
  // #endregion
}
// #endregion
