import { type Call, PR_SET_PDEATHSIG, prctl, SIGKILL, setgroups, setresgid, setresuid } from 'shared-native';
import { findGroups, findUser, type User, type UserFiles } from './user.ts';

/** Who a container runs as, with all its groups: the user's own first, none of them twice. */
export function identity(spec: string, groupAdd: readonly string[], files: UserFiles): User {
  const user = findUser(spec, files);
  return { ...user, groups: [...new Set([user.gid, ...user.groups, ...findGroups(groupAdd, files)])] };
}

// #region in this order
/**
 * Becomes a user for good: the real, the effective and the saved id. Groups come first, because a process that is no
 * longer root may not change them. The signal comes last, because the kernel forgets which signal a process wants at its
 * parent's death when its ids change.
 */
export function become({ uid, gid, groups }: User): Call[] {
  // #region task 4: give up being root
  return [setgroups(groups), setresgid(gid, gid, gid), setresuid(uid, uid, uid), prctl(PR_SET_PDEATHSIG, SIGKILL)];
  // #endregion
}
// #endregion
