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

/** What a process in the container may do, no matter how it is started. */
export interface Allowed {
  /** The capabilities that it keeps if it is root: CAP_CHOWN … */
  readonly capabilities: readonly string[];
  /** The filter that checks its system calls, if there is one. */
  readonly filter: Filter | undefined;
  /** Is it sure that no program it starts gets more privileges than it has? */
  readonly noNewPrivileges: boolean;
}

// #region in this order
/**
 * Gives up privileges, before and after the calls that change the user (step 4). Dropping from the bounding set takes
 * CAP_SETPCAP, and installing a filter takes CAP_SYS_ADMIN, so both come first. KEEPCAPS lets the permitted set survive
 * setresuid, and capset then reduces it. With no_new_privs, a filter doesn't take CAP_SYS_ADMIN. Then it comes last, and
 * execve is the only call that must pass it.
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
