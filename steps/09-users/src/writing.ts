import { type Call, PR_SET_PDEATHSIG, prctl, SIGKILL, setgroups, setresgid, setresuid } from 'shared-native';
import { type Action, PID, write } from 'step-08';
import { type Maps, mapText } from './maps.ts';

// #region who is who
/**
 * Maps the ids in the new user namespace to the host's. It is done from outside, while the first process waits, because a
 * process may itself map only the one id that it has.
 */
export function writeMaps({ uids, gids }: Maps): Action {
  return {
    what: "map the container's ids to the host's",
    when: 'adopt',
    do: [write(mapText(uids), `/proc/${PID}/uid_map`), write(mapText(gids), `/proc/${PID}/gid_map`)],
    undo: [], // they go with the namespace
  };
}
// #endregion

// #region root inside
/**
 * Becomes root in the process's user namespace. Until then its ids are the ones it was born with: the host's root, which is
 * nobody in here. It has its capabilities from the first moment. A change of ids makes the kernel forget the death signal.
 */
export function becomeRoot(): Call[] {
  // #region task 3: root inside
  return [setgroups([]), setresgid(0, 0, 0), setresuid(0, 0, 0), prctl(PR_SET_PDEATHSIG, SIGKILL)];
  // #endregion
}
// #endregion
