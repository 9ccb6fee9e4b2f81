// The filter is there before the keyring: docker's refuses keyctl.
const installed = filter ? [seccomp(SECCOMP_SET_MODE_FILTER, filter.flags, filter.program)] : [];
return {
  first: {
    privileges: [...(noNewPrivileges ? [] : installed), ownKeys(), ...bound(capabilities), prctl(PR_SET_KEEPCAPS, 1)],
  },
  privileges: [...keep(capabilities), ...(noNewPrivileges ? [prctl(PR_SET_NO_NEW_PRIVS, 1)] : [])],
  exec: noNewPrivileges ? installed : [],
};
