import {
  type Call,
  KEYCTL_JOIN_SESSION_KEYRING,
  keyctl,
  PR_SET_KEEPCAPS,
  PR_SET_NO_NEW_PRIVS,
  prctl,
  SECCOMP_SET_MODE_FILTER,
  seccomp,
  tolerate,
} from 'shared-native';
import type { Addition } from 'step-09';
import { bound, keep } from './capabilities.ts';
import type { Filter } from './seccomp/kept.ts';

/** What a process may do, whoever starts it in the container. */
export interface Allowed {
  /** The capabilities that it keeps if it is root: CAP_CHOWN … */
  readonly capabilities: readonly string[];
  /** What decides on its system calls; undefined: nothing does. */
  readonly filter: Filter | undefined;
  /** May no program that it starts have more than itself? */
  readonly noNewPrivileges: boolean;
}

// #region in this order
/**
 * What a process gives up, around the calls by which it becomes its user (step 4). The bounding set and a filter take
 * CAP_SETPCAP and CAP_SYS_ADMIN, so both come first. KEEPCAPS lets the permitted set survive setresuid, and capset makes it
 * what is to be left. A process that can get no new privileges may install a filter without CAP_SYS_ADMIN: so that one comes last,
 * and no call but execve has to pass it.
 */
export function giveUp({
  capabilities,
  filter,
  noNewPrivileges,
}: Allowed): Pick<Addition, 'first' | 'privileges' | 'exec'> {
  // #region task 2: in this order
  const installed = filter ? [seccomp(SECCOMP_SET_MODE_FILTER, filter.flags, filter.program)] : [];
  return {
    first: {
      privileges: [ownKeys(), ...bound(capabilities), ...(noNewPrivileges ? [] : installed), prctl(PR_SET_KEEPCAPS, 1)],
    },
    privileges: [...keep(capabilities), ...(noNewPrivileges ? [prctl(PR_SET_NO_NEW_PRIVS, 1)] : [])],
    exec: noNewPrivileges ? installed : [],
  };
  // #endregion
}
// #endregion

/** Keys are in no namespace: without a session keyring of its own, the container would have the caller's. ENOSYS: the kernel has none. */
function ownKeys(): Call {
  return tolerate(keyctl(KEYCTL_JOIN_SESSION_KEYRING, null), 'ENOSYS');
}
